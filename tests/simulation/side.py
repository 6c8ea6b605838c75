"""What both halves of the simulated M-Pesa share: chance, patience, and words that get lost, late and repeated."""

import asyncio
import random
from collections.abc import Coroutine
from contextvars import Context
from typing import Any, Protocol, TypeVar

from tests.simulation.options import Options
from tests.simulation.virtual_time import Now

T = TypeVar("T")
DAYS = 3 * 86_400.0


class Listener(Protocol):
    """The world, as M-Pesa sees it."""

    now: Now
    options: Options

    async def deliver(self, path: str, token: str | None, body: bytes) -> bool:
        """Whether it was answered 200."""

    def knows_prompt(self, checkout_id: str) -> bool:
        """Whether the program has stored the id of this prompt."""

    def note(self, what: str, fault: bool = False) -> None: ...


class Side:
    def __init__(self, name: str, seed: int, options: Options, world: Listener):
        self.options, self.world = options, world
        self.chance = random.Random(f"{seed} {name}")
        self._life: set[asyncio.Task[None]] = set()

    async def at_safaricom(self, work: Coroutine[Any, Any, T]) -> T:
        """A request that has left is dealt with, whatever becomes of who sent it."""
        task = asyncio.get_running_loop().create_task(work, context=Context())
        return await asyncio.shield(task)

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._life.add(task)
        task.add_done_callback(self._life.discard)

    def happens(self, fault: str) -> bool:
        happens: bool = self.chance.random() < getattr(self.options, fault)
        if happens:
            self.world.note(f"M-Pesa: {fault.replace('_', ' ')}", fault=True)
        return happens

    def copies(self) -> list[float]:
        """After how many seconds each copy of a word is delivered; none when it is lost."""
        if self.happens("callback_lost"):
            return []
        copies, delay = 1 + self.chance.randint(1, 3) * self.happens("callback_repeated"), self.delay()
        at_once = self.chance.random() < 0.5
        return [delay if at_once else self.delay() for _ in range(copies)]

    def delay(self) -> float:
        return self.chance.uniform(60, DAYS) if self.happens("callback_late") else self.chance.uniform(0.1, 5)


def token_of(url: str) -> str:
    return url.rpartition("/")[2]
