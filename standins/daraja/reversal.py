"""POST /mpesa/reversal/v1/request: gives back a push; a payout has no way back."""

from collections.abc import Mapping
from functools import partial

from aiohttp import web

from standins.daraja import identifiers
from standins.daraja.books import Books
from standins.daraja.later import Later
from standins.daraja.names import Names
from standins.daraja.options import DarajaOptions
from standins.daraja.payout_checks import ReversalRequest, read_reversal
from standins.daraja.payout_results import BAD_ORIGINAL, DONE, FLOAT_EMPTY, REVERSED_BEFORE
from standins.daraja.result_bodies import Conversation, account, item, moment, queue, result, shuffled
from standins.shapes import JsonObject, ResultCode, Reversed

QUEUE = queue("reversalresults")


class Reversal:
    def __init__(self, options: DarajaOptions, books: Books, names: Names, later: Later) -> None:
        self._options = options
        self._books = books
        self._names = names
        self._later = later

    async def __call__(self, request: web.Request, body: Mapping[str, object]) -> web.Response:
        asked = read_reversal(body, self._options)
        return self._later.take(asked.signed, "reversal", asked.transaction_id, partial(self._tell, asked))

    def _tell(self, asked: ReversalRequest, conversation: Conversation, barred: ResultCode | None) -> JsonObject:
        code = barred if barred is not None else self._rule_against(asked)
        moved = self._books.moved(asked.transaction_id)
        if code is not None or moved is None:
            return result(conversation, code or BAD_ORIGINAL, identifiers.receipt(), QUEUE)
        back = self._books.give_back(moved, asked.shillings)
        return result(conversation, DONE, back.receipt, QUEUE, self._parameters(back))

    def _rule_against(self, asked: ReversalRequest) -> ResultCode | None:
        moved = self._books.moved(asked.transaction_id)
        if moved is None or asked.shillings > moved.shillings:
            return BAD_ORIGINAL
        if self._books.is_reversed(moved.receipt):
            return REVERSED_BEFORE
        return FLOAT_EMPTY if asked.shillings > self._books.book.accounts.collection else None

    def _parameters(self, back: Reversed) -> list[JsonObject]:
        parameters = [
            item("DebitAccountBalance", account("Working Account", self._books.book.accounts.collection)),
            item("Amount", float(back.shillings)),
            item("TransCompletedTime", moment(back.at)),
            item("OriginalTransactionID", back.original),
            item("Charge", float(0)),
            item("CreditPartyPublicName", self._names.party(back.phone)),
            item("DebitPartyPublicName", f"{self._options.shortcode} - {self._options.business}"),
        ]
        return shuffled(parameters)
