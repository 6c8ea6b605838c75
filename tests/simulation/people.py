"""What all who use the bot have in common: patience, a pace of their own, and fingers that tap twice."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

from fundraising.refusals import Refused
from fundraising.use_cases import UseCases
from tests.simulation.collecting import Collecting
from tests.simulation.disk import DiskError
from tests.simulation.eye import Eye
from tests.simulation.options import Options
from tests.simulation.paying_out import PayingOut
from tests.simulation.people_say import PeopleSay
from tests.simulation.process import Unreachable
from tests.simulation.simulated_telegram import SimulatedTelegram
from tests.simulation.virtual_time import Now

T = TypeVar("T")
Ask = Callable[[UseCases], Coroutine[Any, Any, T]]
PATIENCE = 2000  # tries of one tap: hours, when the program stays down


class World(Protocol):
    seed: int
    options: Options
    now: Now
    eye: Eye
    collecting: Collecting
    paying: PayingOut
    telegram: SimulatedTelegram
    people_say: PeopleSay

    async def ask(self, what: Ask[T]) -> T:
        """Raises Unreachable, DiskError, Refused."""

    async def deliver(self, path: str, token: str | None, body: bytes) -> bool: ...

    def note(self, what: str, fault: bool = False) -> None: ...

    def wrong(self, problem: str) -> None: ...


class Person:
    def __init__(self, world: World, name: str):
        self.world, self.name = world, name
        self.chance = random.Random(f"{world.seed} {name}")
        self._taps = 0

    async def tap(self, move: Callable[[UseCases, str], Coroutine[Any, Any, T]]) -> T | None:
        self._taps += 1
        key = f"{self.name}:{self._taps}"
        return await self.insist(lambda house: move(house, key))

    async def taps(self, what: Ask[T]) -> list[T]:
        """Once, or several times at the same moment; the answers that were no refusals."""
        times = 1 + self.chance.randint(1, 2) * self.happens("double_taps")
        if times == 1:
            answers = [await self.insist(what)]
        else:
            answers = await asyncio.gather(*[self.insist(what) for _ in range(times)])
        return [answer for answer in answers if answer is not None]

    async def insist(self, what: Ask[T]) -> T | None:
        """Telegram hands over the same update until somebody takes it. None: it was refused."""
        for _ in range(PATIENCE):
            try:
                return await self.world.ask(what)
            except Refused as refusal:
                self.world.note(f"{self.name} is refused: {type(refusal).__name__}")
                return None
            except (Unreachable, DiskError):
                await asyncio.sleep(self.chance.uniform(1, 20))
        raise Unreachable

    async def pause(self, times: float = 1) -> None:
        await asyncio.sleep(self.chance.expovariate(1 / (self.world.options.hurry * times)))

    def happens(self, habit: str) -> bool:
        happens: bool = self.chance.random() < getattr(self.world.options, habit)
        return happens
