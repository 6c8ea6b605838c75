"""M-Pesa and Telegram as one process reaches them: it may die before a request leaves and before the answer is read."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol, TypeVar

from telegram import InlineKeyboardMarkup, InputFile

from mpesa.client import PushAccepted, StkPush
from mpesa.outcome import Outcome
from mpesa.payouts import B2cAccepted, B2cPayment, BalanceQuestion, StatusQuestion
from tests.simulation.answering import Answering
from tests.simulation.checks import Checks
from tests.simulation.collecting import Collecting
from tests.simulation.paying_out import PayingOut, Sent
from tests.simulation.simulated_telegram import Errand, Message, SimulatedTelegram
from trustvoice.running.worker import Handler, Worker

T = TypeVar("T")


class Mortal(Protocol):
    def may_die(self, where: str) -> None: ...


class Outside(Protocol):
    collecting: Collecting
    paying: PayingOut
    answering: Answering
    checks: Checks


async def around(process: Mortal, what: str, call: Callable[[], Awaitable[T]]) -> T:
    process.may_die(f"before {what}")
    answer = await call()
    process.may_die(f"after {what}")
    return answer


class CallsFrom:
    def __init__(self, process: Mortal, world: Outside):
        self._process, self._world = process, world

    async def stk_push(self, push: StkPush) -> Outcome[PushAccepted]:
        return await around(self._process, "a push", lambda: self._world.collecting.stk_push(push))

    async def stk_query(self, checkout_id: str) -> Outcome[None]:
        return await around(self._process, "a question", lambda: self._world.collecting.stk_query(checkout_id))

    async def b2c(self, payment: B2cPayment) -> Outcome[B2cAccepted]:
        sent = Sent(payment)

        async def send() -> Outcome[B2cAccepted]:
            self._world.checks.is_sent(payment)
            self._world.paying.sent[payment.originator_id].append(sent)
            return await self._world.paying.b2c(payment, sent)

        answer = await around(self._process, "a payout", send)
        sent.read = True
        return answer

    async def transaction_status(self, question: StatusQuestion) -> Outcome[str]:
        answering = self._world.answering
        return await around(self._process, "a question", lambda: answering.transaction_status(question))

    async def account_balance(self, question: BalanceQuestion) -> Outcome[str]:
        return await around(self._process, "a question", lambda: self._world.answering.account_balance(question))


ERRAND: ContextVar[Errand] = ContextVar("what is being told")


class ChatsFrom:
    """What the notifiers need of a `telegram.Bot`."""

    def __init__(self, process: Mortal, telegram: SimulatedTelegram):
        self._process, self._telegram = process, telegram

    def listen_to(self, worker: Worker) -> None:
        """So that of each message it is known which job sent it."""
        for kind, (job_class, handle) in worker._handlers.items():
            worker._handlers[kind] = (job_class, self._on_errand(handle))

    def _on_errand(self, handle: Handler) -> Handler:
        async def handle_it(job: Any, attempt: int) -> datetime | None:
            ERRAND.set(self._telegram.begin(job))
            return await handle(job, attempt)

        return handle_it

    async def send_message(self, chat_id: int, text: str, reply_markup: InlineKeyboardMarkup | None = None) -> Message:
        errand = ERRAND.get()
        return await around(self._process, "a message", lambda: self._telegram.send(chat_id, text, errand))

    async def send_document(self, chat_id: int, document: InputFile, caption: str) -> Message:
        return await self.send_message(chat_id, caption)

    async def edit_message_text(
        self, text: str, chat_id: int, message_id: int, reply_markup: InlineKeyboardMarkup | None = None
    ) -> None:
        await around(self._process, "an edit", lambda: self._telegram.edit(chat_id, message_id, text))

    async def edit_message_reply_markup(
        self, chat_id: int, message_id: int, reply_markup: InlineKeyboardMarkup | None = None
    ) -> None:
        await around(self._process, "an edit", lambda: self._telegram.edit(chat_id, message_id, None))
