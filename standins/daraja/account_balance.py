"""POST /mpesa/accountbalance/v1/query."""

from collections.abc import Mapping
from functools import partial

from aiohttp import web

from standins.daraja import clock, identifiers
from standins.daraja.books import Books
from standins.daraja.later import Later
from standins.daraja.options import DarajaOptions
from standins.daraja.payout_checks import Signed, read_balance
from standins.daraja.payout_results import DONE
from standins.daraja.result_bodies import Conversation, account, item, queue, result, stamp
from standins.shapes import JsonObject, ResultCode


class AccountBalance:
    def __init__(self, options: DarajaOptions, books: Books, later: Later) -> None:
        self._options = options
        self._books = books
        self._later = later

    async def __call__(self, request: web.Request, body: Mapping[str, object]) -> web.Response:
        asked = read_balance(body, self._options)
        return self._later.take(asked, "balance", asked.shortcode, partial(self._tell, asked))

    def _tell(self, asked: Signed, conversation: Conversation, barred: ResultCode | None) -> JsonObject:
        code, at = DONE if barred is None else barred, item("BOCompletedTime", stamp(clock.now()))
        # Recorded: a failure has its one parameter as a single object.
        balances = [item("ActionType", "AccountBalance"), item("AccountBalance", self._balances(asked.shortcode)), at]
        told = balances if barred is None else at
        return result(conversation, code, identifiers.no_receipt(), queue("abresults"), told)

    def _balances(self, shortcode: str) -> str:
        """Of this shortcode: where it does not collect, or does not pay out, the account is empty."""
        book, collects, pays = self._books.book.accounts, self._options.shortcode, self._options.paying_shortcode
        shown = {
            "Working Account": book.collection if shortcode == collects else 0,
            "Float Account": 0,
            "Utility Account": book.utility if shortcode == pays else 0,
            "Charges Paid Account": book.charges_paid if shortcode == pays else 0,
            "Organization Settlement Account": 0,
        }
        return "&".join(account(name, shillings) for name, shillings in shown.items())
