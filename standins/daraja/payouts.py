"""Payouts: from the accepted request over the recipient's wallet to M-Pesa's result, and what comes after."""

import asyncio
import re
import time
from dataclasses import dataclass, field

from standins.daraja import identifiers, payout_bodies
from standins.daraja.books import Books
from standins.daraja.initiator import Initiator
from standins.daraja.names import Names
from standins.daraja.options import DarajaOptions
from standins.daraja.payout_checks import PayoutRequest
from standins.daraja.payout_results import DONE, FLOAT_EMPTY, NOT_ON_MPESA, WRONG_PRODUCT
from standins.daraja.result_bodies import Conversation
from standins.daraja.result_posts import ResultPosts
from standins.events import EventLog
from standins.shapes import JsonObject, Paid, PayoutAsked, PayoutBehaviour, PayoutStep, ResultCode

KENYAN_MOBILE = re.compile(r"254[17]\d{8}")


@dataclass
class Payout:
    """An accepted request; `barred` is the code that ends it before any rule of the recipient's counts."""

    request: PayoutRequest
    asked: PayoutAsked
    body: JsonObject
    behaviour: PayoutBehaviour
    conversation: Conversation
    barred: ResultCode | None
    paid: Paid | None = None
    ended_at: float | None = None
    questions: int = 0
    last: JsonObject | None = None
    transaction_id: str = field(default_factory=identifiers.receipt)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def receipt(self) -> str:
        """The payment's own; when no money moved, a number that looks like one and proves nothing."""
        return self.paid.receipt if self.paid else self.transaction_id


class Payouts:
    def __init__(
        self,
        options: DarajaOptions,
        initiator: Initiator,
        books: Books,
        names: Names,
        posts: ResultPosts,
        events: EventLog,
    ) -> None:
        self._options = options
        self._initiator = initiator
        self._books = books
        self._names = names
        self._posts = posts
        self._events = events
        self._payouts: dict[str, Payout] = {}
        self._used: set[str] = set()

    def reset(self) -> None:
        """Ids stay used: M-Pesa never takes one twice."""
        self._payouts.clear()

    def is_used(self, originator_id: str | None) -> bool:
        return originator_id in self._used

    def find(self, originator_id: str) -> Payout | None:
        return self._payouts.get(originator_id)

    def of_receipt(self, receipt: str) -> Payout | None:
        return next((each for each in self._payouts.values() if each.receipt == receipt), None)

    def accept(
        self, request: PayoutRequest, asked: PayoutAsked, body: JsonObject, behaviour: PayoutBehaviour
    ) -> Payout:
        conversation = Conversation(request.originator_id or identifiers.merchant_request_id())
        payout = Payout(request, asked, body, behaviour, conversation, self._barred(request))
        asked.originator_id, asked.conversation_id = conversation.originator_id, conversation.conversation_id
        asked.verdict = "accepted"
        self._used.add(conversation.originator_id)
        self._payouts[conversation.originator_id] = payout
        self._events.emit("payout", payout=asked)
        return payout

    async def run(self, payout: Payout) -> None:
        """Notice, result, and what M-Pesa finds out later; `told` is set when the first result is out."""
        told = payout.behaviour
        await asyncio.sleep(told.delay)
        if told.timeout_notice:
            await self._posts.send("timeout", payout.asked.originator_id, payout.asked.timeout_url, self.notice(payout))
        await self._tell(payout, told)
        payout.told.set()
        if payout.barred is not None:
            return
        for later in told.then:
            await asyncio.sleep(later.delay)
            await self._tell(payout, later)

    def notice(self, payout: Payout) -> JsonObject:
        """What QueueTimeOutURL gets: the request as it came (Safaricom's staff, G121), or a result (KEPAS)."""
        if payout.behaviour.timeout_notice == "result":
            return payout_bodies.timed_out(payout.conversation, payout.transaction_id)
        return payout.body

    def success(
        self, payout: Payout, code: ResultCode = DONE, amount: int | float | None = None, receipt: str | None = None
    ) -> JsonObject:
        """The truth as far as there is one, with what is told instead."""
        sent = payout.paid.shillings if payout.paid else payout.request.shillings
        return payout_bodies.success(
            payout.conversation,
            receipt or payout.receipt,
            sent if amount is None else amount,
            payout.request.phone,
            payout.paid.at if payout.paid else time.time(),
            self._names,
            self._books.book.accounts,
            code,
        )

    async def _tell(self, payout: Payout, step: PayoutStep) -> None:
        payout.last = self._settle(payout, step)
        asked = payout.asked
        await self._posts.send("payout", asked.originator_id, asked.result_url, payout.last, step.callback)

    def _settle(self, payout: Payout, step: PayoutStep) -> JsonObject:
        """Money moves once for a payout, however often M-Pesa says so."""
        code, pays = self._outcome(payout, step)
        if pays and payout.paid is None:
            ids = (payout.asked.originator_id, payout.asked.conversation_id)
            payout.paid = self._books.pay(*ids, payout.request.phone, step.amount or payout.request.shillings)
        payout.asked.result = code
        payout.ended_at = payout.ended_at or time.time()
        if str(code) == str(DONE):
            return self.success(payout, code)
        return payout_bodies.failure(payout.conversation, payout.receipt, code)

    def _outcome(self, payout: Payout, step: PayoutStep) -> tuple[ResultCode, bool]:
        if payout.barred is not None:
            return payout.barred, False
        shillings = step.amount or payout.request.shillings
        if step.pays and payout.paid is None and shillings > self._books.book.accounts.utility:
            return FLOAT_EMPTY, False
        return step.code, step.pays

    def _barred(self, request: PayoutRequest) -> ResultCode | None:
        wrong = self._initiator.check(request.signed.initiator, request.signed.credential)
        if wrong is not None:
            return wrong
        if request.signed.shortcode != self._options.paying_shortcode:
            return WRONG_PRODUCT
        return None if KENYAN_MOBILE.fullmatch(request.phone) else NOT_ON_MPESA
