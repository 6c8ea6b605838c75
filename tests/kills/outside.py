"""M-Pesa, Telegram and the clock: they outlive the process. What they remember is one file, a line for each event.

M-Pesa says everything once, to whoever is there: a callback at which the process dies does not come again.
"""

import json
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from telegram import Chat, InlineKeyboardMarkup, Message

from fundraising.use_cases import UseCases
from mpesa.client import PushAccepted, StkPush
from mpesa.codes import Reason
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown
from mpesa.payouts import B2cAccepted, B2cPayment, BalanceQuestion, StatusQuestion
from tests.fakes import accepted, b2c_result, callback, status_result
from tests.kills.fate import Fate
from tests.kills.story import Story

T = TypeVar("T")
Event = dict[str, Any]
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RESTARTS_WITHIN = timedelta(seconds=1)
FIRST_PUSH = 101
CANCELLED, WALLET_FULL, NOT_FOUND = 1032, 8, 2032


class Memory:
    def __init__(self, path: Path):
        self.path = path

    def all(self, what: str) -> list[Event]:
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return [event for event in map(json.loads, lines) if event["what"] == what]

    def add(self, what: str, **said: Any) -> None:
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, json.dumps({"what": what, **said}).encode() + b"\n")
        os.close(file)


class Outside:
    """As one life reaches it."""

    def __init__(self, memory: Memory, fate: Fate, story: Story):
        self.memory, self._fate, self._story = memory, fate, story
        earlier = [datetime.fromisoformat(time["at"]) for time in memory.all("time")]
        self.moment = max(earlier, default=START) + RESTARTS_WITHIN

    def now(self) -> datetime:
        self.moment += timedelta(microseconds=1)
        return self.moment

    def until(self, moment: datetime) -> None:
        self.moment = max(moment, self.moment)
        self.memory.add("time", at=self.moment.isoformat())

    async def _called(self, call: str, act: Callable[[], T]) -> T:
        named = f"{call} {self._fate.number(call)}"
        self._fate.passes(f"before {named}")
        answer = act()
        self._fate.passes(f"after {named}")
        return answer

    async def stk_push(self, push: StkPush) -> Outcome[PushAccepted]:
        def act() -> Outcome[PushAccepted]:
            answer = accepted(FIRST_PUSH + len(self.memory.all("push")))
            self.memory.add("push", checkout=answer.checkout_id, shillings=push.shillings, url=push.callback_url)
            return Succeeded(answer)

        return await self._called("push", act)

    async def stk_query(self, checkout_id: str) -> Outcome[None]:
        def act() -> Outcome[None]:
            if not any(push["checkout"] == checkout_id for push in self.memory.all("push")):
                return Unknown("no such push")
            if not self._story.answers:
                return Unknown("still processing")
            return Succeeded(None) if self._story.pays else Failed(Reason.CANCELLED, str(CANCELLED))

        return await self._called("question", act)

    async def b2c(self, payment: B2cPayment) -> Outcome[B2cAccepted]:
        def act() -> Outcome[B2cAccepted]:
            said = {"originator": payment.originator_id, "shillings": payment.shillings, "url": payment.result_url}
            self.memory.add("payment", **said)
            return Succeeded(B2cAccepted(f"AG_{len(self.memory.all('payment'))}", payment.originator_id))

        return await self._called("payment", act)

    async def transaction_status(self, question: StatusQuestion) -> Outcome[str]:
        def act() -> Outcome[str]:
            self.memory.add("question", originator=question.originator_id, url=question.result_url)
            return Succeeded("AG_question")

        return await self._called("question", act)

    async def account_balance(self, question: BalanceQuestion) -> Outcome[str]:
        return Succeeded("AG_question")

    async def calls_back(self, house: UseCases) -> bool:
        """Whether there was something to say."""
        mailbox, said = house.paying.mailbox, False
        if self._story.answers:
            said |= await self._says("question", self._answer, mailbox.status_result)
        if self._story.speaks:
            said |= await self._says("push", self._callback, house.paying.mailbox.prompt_result)
            said |= await self._says("payment", self._result, mailbox.payment_result)
        return said

    async def _says(
        self, what: str, body: Callable[[Event], bytes], hear: Callable[[str, bytes], Awaitable[None]]
    ) -> bool:
        unsaid = self.memory.all(what)[len(self.memory.all(f"said of a {what}")) :]
        for event in unsaid:
            self.memory.add(f"said of a {what}")
            await hear(event["url"].rpartition("/")[2], body(event))
        return bool(unsaid)

    def _callback(self, push: Event) -> bytes:
        return callback(push["checkout"], 0 if self._story.pays else CANCELLED, push["shillings"])

    def _result(self, payment: Event) -> bytes:
        return b2c_result(payment["originator"], 0 if self._story.pays else WALLET_FULL, payment["shillings"])

    def _answer(self, question: Event) -> bytes:
        for payment in self.memory.all("payment"):
            if payment["originator"] == question["originator"]:
                return status_result("Completed" if self._story.pays else "Declined", payment["shillings"])
        return status_result(code=NOT_FOUND)

    async def send_message(self, chat_id: int, text: str, reply_markup: InlineKeyboardMarkup | None = None) -> Message:
        def act() -> Message:
            self.memory.add("message", chat=chat_id, text=text)
            return Message(len(self.memory.all("message")), START, Chat(chat_id, Chat.PRIVATE))

        return await self._called("message", act)

    async def edit_message_text(
        self, text: str, chat_id: int, message_id: int, reply_markup: InlineKeyboardMarkup | None = None
    ) -> None:
        await self._called("edit", lambda: None)

    async def edit_message_reply_markup(
        self, chat_id: int, message_id: int, reply_markup: InlineKeyboardMarkup | None = None
    ) -> None:
        await self._called("edit", lambda: None)
