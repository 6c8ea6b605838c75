"""STK sessions: from the accepted push over the prompt on the phone to M-Pesa's result."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import timedelta

from standins.background import Background
from standins.daraja import callbacks, clock, identifiers, results
from standins.daraja.books import Books
from standins.daraja.callbacks import Callbacks
from standins.daraja.checks import PushRequest
from standins.daraja.options import DarajaOptions
from standins.events import EventLog
from standins.shapes import Behaviour, JsonObject, Prompt, Push, Step


class NoSuchPrompt(Exception):
    """Nothing is open on the phone under that id."""


@dataclass
class Session:
    push: Push
    behaviour: Behaviour
    expires_at: float
    open: bool = True
    queries: int = 0
    decided: asyncio.Event = field(default_factory=asyncio.Event)


class Sessions:
    def __init__(
        self, options: DarajaOptions, books: Books, calls: Callbacks, background: Background, events: EventLog
    ) -> None:
        self._options = options
        self._books = books
        self._callbacks = calls
        self._background = background
        self._events = events
        self._sessions: dict[str, Session] = {}

    def get(self, checkout_id: str) -> Session | None:
        return self._sessions.get(checkout_id)

    def reset(self) -> None:
        self._sessions.clear()

    def is_locked(self, phone: str) -> bool:
        """One session at a time on each phone."""
        since = time.time() - self._options.lock_s
        return any(s.open and s.push.phone == phone and s.push.at > since for s in self._sessions.values())

    def is_repeat(self, phone: str, shillings: int) -> bool:
        since = time.time() - self._options.repeat_s
        return any(
            push.rang and (push.phone, push.shillings) == (phone, shillings) and push.at > since
            for push in self._books.book.pushes
        )

    def prompts(self) -> list[Prompt]:
        return [self._prompt(session) for session in self._sessions.values() if session.open]

    def accept(self, asked: PushRequest, behaviour: Behaviour, rings: bool) -> Session:
        push = Push(
            phone=asked.phone,
            shillings=asked.shillings,
            reference=asked.reference,
            description=asked.description,
            callback_url=asked.callback_url,
            checkout_id=self._new_checkout_id(asked.phone),
            merchant_request_id=identifiers.merchant_request_id(),
            at=time.time(),
            rang=rings,
        )
        self._books.book.pushes.append(push)
        session = Session(push, behaviour, push.at + self._options.prompt_life_s, open=rings)
        self._sessions[push.checkout_id] = session
        self._events.emit("push", push=push)
        return session

    async def refuse_later(self, session: Session, code: int) -> None:
        """Accepted, but M-Pesa's rules end it before any phone rings."""
        session.push.result = code
        await self._callbacks.send(session.push, callbacks.body(session.push, code), "once")

    async def ring(self, session: Session) -> None:
        """Shows the prompt, waits for what comes of it, and for what M-Pesa finds out later."""
        self._events.emit("prompt", prompt=self._prompt(session))
        told = session.behaviour
        if told.do == "ask" or told.do == "ignore":
            await self._wait(session, told.callback)
        else:
            await asyncio.sleep(told.delay)
            await self._end(session, Step(told.do, told.delay, told.callback, told.amount))
        for later in told.then:
            await asyncio.sleep(later.delay)
            await self._callbacks.send(session.push, self._settle(session, later), later.callback)

    def decide(self, checkout_id: str, step: Step) -> None:
        """The phone's owner acts, now; the callback follows by itself."""
        session = self._sessions.get(checkout_id)
        if session is None or not session.open:
            raise NoSuchPrompt(checkout_id)
        self._background.start(self._callbacks.send(session.push, self._close(session, step), step.callback))

    async def _end(self, session: Session, step: Step) -> None:
        """Unless somebody decided before."""
        if session.open:
            await self._callbacks.send(session.push, self._close(session, step), step.callback)

    def _close(self, session: Session, step: Step) -> JsonObject:
        session.open = False
        content = self._settle(session, step)
        session.decided.set()
        self._events.emit("prompt_closed", checkout_id=session.push.checkout_id, result=session.push.result)
        return content

    async def _wait(self, session: Session, callback: str) -> None:
        """Until somebody decides, or the prompt's life is over."""
        try:
            await asyncio.wait_for(session.decided.wait(), max(session.expires_at - time.time(), 0))
        except TimeoutError:
            await self._end(session, Step("ignore", 0, callback))

    def _settle(self, session: Session, step: Step) -> JsonObject:
        push = session.push
        push.result = results.OF_ACT[step.do]
        if push.result != results.PAID:
            return callbacks.body(push, push.result)
        moved = self._books.move(push, step.amount or push.shillings)
        stamp = int(clock.now().strftime(clock.STAMP))
        return callbacks.body(push, push.result, callbacks.metadata(moved.shillings, moved.receipt, stamp, push.phone))

    def _new_checkout_id(self, phone: str) -> str:
        at = clock.now()
        while (checkout_id := identifiers.checkout_request_id(phone, at)) in self._sessions:
            at += timedelta(milliseconds=1)
        return checkout_id

    def _prompt(self, session: Session) -> Prompt:
        push = session.push
        return Prompt(
            checkout_id=push.checkout_id,
            phone=push.phone,
            shillings=push.shillings,
            business=self._options.business,
            reference=push.reference,
            description=push.description,
            at=push.at,
            expires_at=session.expires_at,
        )
