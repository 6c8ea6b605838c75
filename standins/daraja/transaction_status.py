"""POST /mpesa/transactionstatus/v1/query: by receipt, or by the OriginatorConversationID of a payout."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from standins.daraja import identifiers
from standins.daraja.books import Books
from standins.daraja.later import Later
from standins.daraja.options import DarajaOptions
from standins.daraja.payout_checks import StatusRequest, read_status
from standins.daraja.payout_results import DONE, NO_SUCH_TRANSACTION
from standins.daraja.payouts import Payout, Payouts
from standins.daraja.result_bodies import Conversation, occasion, result
from standins.daraja.status_bodies import StatusBodies
from standins.events import EventLog
from standins.faults import cut
from standins.shapes import JsonObject, ResultCode, StatusQuestion


@dataclass
class Question:
    request: StatusRequest
    row: StatusQuestion
    payout: Payout | None


class TransactionStatus:
    def __init__(
        self,
        options: DarajaOptions,
        books: Books,
        payouts: Payouts,
        later: Later,
        bodies: StatusBodies,
        events: EventLog,
    ) -> None:
        self._options = options
        self._books = books
        self._payouts = payouts
        self._later = later
        self._bodies = bodies
        self._events = events

    async def __call__(self, request: web.Request, body: Mapping[str, object]) -> web.Response:
        asked = read_status(body, self._options)
        about = asked.transaction_id or asked.original_conversation_id
        row = StatusQuestion(asked.transaction_id, asked.original_conversation_id, time.time())
        self._books.book.status_questions.append(row)
        self._events.emit("status_question", about=about)
        question = Question(asked, row, self._payout(asked))
        taken = self._later.take(asked.signed, "status", about, partial(self._tell, question))
        if question.payout and question.payout.behaviour.status == "lost":
            return cut(request)
        return taken

    def _payout(self, asked: StatusRequest) -> Payout | None:
        if asked.transaction_id:
            return self._payouts.of_receipt(asked.transaction_id)
        return self._payouts.find(asked.original_conversation_id)

    def _tell(self, question: Question, conversation: Conversation, barred: ResultCode | None) -> JsonObject | None:
        code = barred if barred is not None else self._code(question)
        question.row.result = code
        if code is None:
            return None
        if code != DONE:
            return self._failed(question, conversation, code)
        asked, payout = question.request, question.payout
        moved = self._books.moved(asked.transaction_id)
        told = self._bodies.payout(payout) if payout else moved and self._bodies.push(moved)
        if not told:
            question.row.result = NO_SUCH_TRANSACTION
            return self._failed(question, conversation, NO_SUCH_TRANSACTION)
        question.row.told = told.status
        reference = occasion(asked.signed.occasion)
        return result(conversation, DONE, identifiers.no_receipt(), reference, told.parameters)

    def _code(self, question: Question) -> ResultCode | None:
        """As the payout's behaviour has it; None when nothing is ever said."""
        if question.payout is None:
            return DONE
        question.payout.questions += 1
        style, _, given = question.payout.behaviour.status.partition(":")
        if style == "fault":
            return int(given) if given.isdigit() else given
        if style not in ("not_found", "never") or (given and question.payout.questions > int(given)):
            return DONE
        return NO_SUCH_TRANSACTION if style == "not_found" else None

    def _failed(self, question: Question, conversation: Conversation, code: ResultCode) -> JsonObject:
        return result(conversation, code, identifiers.no_receipt(), occasion(question.request.signed.occasion))
