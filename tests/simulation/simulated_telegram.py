"""Telegram: it fails, floods, answers late or not at all; people block the bot. It keeps what was really said."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Protocol, TypeVar

from telegram.error import Forbidden, NetworkError, RetryAfter, TimedOut

from storage.jobs import Job
from tests.simulation.options import Options
from tests.simulation.standing import Standing, Standings

T = TypeVar("T")


@dataclass(frozen=True)
class Message:
    message_id: int


@dataclass(frozen=True)
class Errand:
    """What a job has to tell, and how its subject stood when the job was taken up."""

    job: Job
    before: Standing | None


@dataclass(frozen=True)
class Said:
    chat_id: int
    job: Job
    text: str
    standing: Standing | None  # of its subject, at this moment


class Judge(Protocol):
    def is_said(self, said: Said, before: Standing | None) -> None: ...


class Listener(Protocol):
    options: Options
    standings: Standings

    def note(self, what: str, fault: bool = False) -> None: ...

    @property
    def checks(self) -> Judge: ...


class SimulatedTelegram:
    def __init__(self, seed: int, world: Listener):
        self._world = world
        self._chance = random.Random(f"{seed} telegram")
        self.said: list[Said] = []
        self.blocked: set[int] = set()
        self.ever_refused: set[int] = set()  # chats that were once answered Forbidden
        self._chats: dict[int, int] = {}  # of each message
        self._numbers = count(100)

    def begin(self, job: Job) -> Errand:
        return Errand(job, self._world.standings.of(job))

    async def send(self, chat_id: int, text: str, errand: Errand) -> Message:
        def show() -> Message:
            said = Said(chat_id, errand.job, text, self._world.standings.of(errand.job))
            self._world.note(f"told {chat_id}: {errand.job}")
            self._world.checks.is_said(said, errand.before)
            self.said.append(said)
            message = Message(next(self._numbers))
            self._chats[message.message_id] = chat_id
            return message

        return await self._act(chat_id, show)

    async def edit(self, chat_id: int, message_id: int, text: str | None) -> None:
        await self._act(chat_id, lambda: None)

    async def _act(self, chat_id: int, act: Callable[[], T]) -> T:
        slow = self._happens("telegram_is_slow")
        await asyncio.sleep(self._chance.uniform(1, 20) if slow else self._chance.uniform(0.02, 0.2))
        if self._happens("telegram_floods"):
            raise RetryAfter(self._chance.randint(1, 30))
        if self._happens("telegram_fails"):
            raise NetworkError("connection reset")
        if chat_id in self.blocked:
            self.ever_refused.add(chat_id)
            raise Forbidden("Forbidden: bot was blocked by the user")
        answer = act()
        if self._happens("telegram_times_out"):
            raise TimedOut
        return answer

    def _happens(self, fault: str) -> bool:
        happens: bool = self._chance.random() < getattr(self._world.options, fault)
        if happens:
            self._world.note(fault.replace("_", " "), fault=True)
        return happens
