"""One seed's world: people, M-Pesa and a program that dies; first with faults, then healed until it has converged."""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Coroutine
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from fundraising.money import Money
from fundraising.refusals import NotJson
from tests.simulation import checks
from tests.simulation.crashes import DiskError, Process, Unreachable
from tests.simulation.options import Options, drawn_from
from tests.simulation.people import Ask, Donor, Forger
from tests.simulation.simulated_mpesa import SimulatedMpesa
from tests.simulation.virtual_time import EverythingWaits, VirtualLoop

T = TypeVar("T")
HOUR = 3600.0
HEALING = 30 * HOUR  # longer than anything may stay open: the last question, and the day after which a person must look
LOOK_EVERY = 50  # commits between two looks at everything


@dataclass(frozen=True)
class Report:
    seed: int
    options: Options
    problems: list[str]
    trace: list[str]
    faults: Counter[str]
    donations: int
    days: float


class World:
    def __init__(self, seed: int, path: Path, loop: VirtualLoop, options: Options | None = None):
        self.seed, self.path, self.loop = seed, path, loop
        self.options = self.drawn = options or drawn_from(seed)
        self.now = loop.now
        self.chance, self.fate = random.Random(f"{seed} program"), random.Random(f"{seed} fate")
        self.mpesa = SimulatedMpesa(seed, self.options, self)
        self.campaign_ids: list[int] = []
        self.faults: Counter[str] = Counter()
        self.problems: list[str] = []
        self.process: Process | None = None
        self._trace: list[tuple[float, str]] = []
        self._commits = 0
        self._eye = sqlite3.connect(path)
        self._looks = checks.Looks(self._eye, self.mpesa)

    # What others in the world do with it

    def note(self, what: str, fault: bool = False) -> None:
        self._trace.append((self.loop.time(), what))
        if fault:
            self.faults[what] += 1

    def wrong(self, problem: str) -> None:
        if problem not in self.problems:
            self.note(f"WRONG: {problem}")
            self.problems.append(problem)

    async def ask(self, what: Ask[T]) -> T:
        if self.process is None or not self.process.alive:
            raise Unreachable
        return await self.process.answer(what)

    async def deliver(self, token: str | None, body: bytes) -> bool:
        """Whether it was answered 200: then it must never be forgotten."""
        try:
            async with asyncio.timeout(0.001 if self._caller_hangs_up() else None):
                await self.ask(lambda house: house.settlement.receive(token, body))
        except (Unreachable, DiskError, NotJson, TimeoutError):
            self.note("a callback is not taken")
            return False
        self.note(f"a callback is taken, {'with' if token else 'without'} token: {body.decode()}")
        return True

    def committed(self) -> None:
        self._commits += 1
        found = self._looks.quick() if self._commits % LOOK_EVERY else self._looks.thorough()
        for problem in found:
            self.wrong(problem)

    # Its course

    async def run(self) -> None:
        try:
            await self._set_up()
            supervisor = self._outside(self._supervise())
            await self._with_faults()
            await self._healed()
            supervisor.cancel()
            await self._at_the_end()
        except EverythingWaits:
            self.wrong("somebody waits for an answer that nobody gives")
        finally:
            if self.process:
                await self.process.database.close()

    async def _set_up(self) -> None:
        self.options = Options()
        self.process = Process(self)
        for title in ("Water for Turkana", "A roof for the school"):
            campaign = await self.process.use_cases.campaigns.add(title, Money.shillings(50_000))
            self.campaign_ids.append(campaign.id)
        self.options = self.drawn

    async def _with_faults(self) -> None:
        lives = [self._outside(Donor(self, n).live()) for n in range(1, self.options.donors + 1)]
        lives.append(self._outside(Forger(self).live()))
        await asyncio.sleep(self.options.hours * HOUR)
        self.note("all heals")
        self.options = Options()
        self.mpesa.heal()
        await asyncio.sleep(HOUR)
        for life in lives:
            life.cancel()

    async def _healed(self) -> None:
        await asyncio.sleep(HEALING)
        for problem in self._looks.not_converged():
            self.wrong(problem)
        self.mpesa.tell_again([payment for payment in self.mpesa.payments if not payment.heard])
        await asyncio.sleep(HOUR)

    async def _at_the_end(self) -> None:
        for problem in [*self._looks.final(), *await self.ask(lambda house: house.self_check.problems())]:
            self.wrong(problem)

    async def _supervise(self) -> None:
        """Starts the program anew when it died, and now and then kills it."""
        while True:
            assert self.process
            rate = self.options.killed_an_hour
            patience = self.fate.expovariate(rate / HOUR) if rate else HOUR
            await asyncio.wait([self.process.ended], timeout=patience)
            if self.process.alive and rate:
                self.process.die("at any moment")
            if not self.process.alive:
                await self.process.database.close()
                await asyncio.sleep(self._downtime())
                self.note("starts again")
                self.process = Process(self)

    def _downtime(self) -> float:
        return self.fate.uniform(60, 1200) if self._happens("stays_down") else self.fate.uniform(0.5, 10)

    def _caller_hangs_up(self) -> bool:
        return self._happens("caller_impatient")

    def _happens(self, fault: str) -> bool:
        happens: bool = self.fate.random() < getattr(self.options, fault)
        if happens:
            self.note(fault.replace("_", " "), fault=True)
        return happens

    def _outside(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        return self.loop.create_task(work, context=Context())

    def report(self) -> Report:
        trace = [f"{timedelta(seconds=round(at))} {what}" for at, what in self._trace]
        donations = self._eye.execute("SELECT count(*) FROM donations").fetchone()[0]
        self._eye.close()
        days = self.loop.time() / 86_400
        return Report(self.seed, self.drawn, self.problems, trace, self.faults, donations, days)
