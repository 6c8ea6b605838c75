"""One seed's world: people, M-Pesa, Telegram and a program that dies; first with faults, then healed and converging."""

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from fundraising.refusals import NotJson
from fundraising.use_cases import UseCases
from tests.simulation import template
from tests.simulation.answering import Answering
from tests.simulation.checkers import staff
from tests.simulation.checks import Checks
from tests.simulation.collecting import Collecting
from tests.simulation.disk import DiskError
from tests.simulation.donors import Donor
from tests.simulation.eye import Eye
from tests.simulation.forger import Forger
from tests.simulation.makers import Maker
from tests.simulation.options import Options, calm, drawn_from
from tests.simulation.paying_out import PayingOut
from tests.simulation.people import Ask
from tests.simulation.people_say import PeopleSay
from tests.simulation.process import VAULT, Process, Unreachable
from tests.simulation.simulated_telegram import SimulatedTelegram
from tests.simulation.standing import Standings
from tests.simulation.virtual_time import EverythingWaits, VirtualLoop

T = TypeVar("T")
HOUR = 3600.0
AFTERWARDS = 6 * HOUR  # beyond the time after which a person must look, and until the last words are acted on


@dataclass(frozen=True)
class Report:
    seed: int
    options: Options
    problems: list[str]
    trace: list[str]
    faults: Counter[str]
    donations: int
    payouts: int
    messages: int
    days: float


class World:
    def __init__(self, seed: int, path: Path, loop: VirtualLoop, options: Options | None = None):
        self.seed, self.path, self.loop, self.vault = seed, path, loop, VAULT
        self.options = self.drawn = options or drawn_from(seed)
        self.now = loop.now
        self.chance, self.fate = random.Random(f"{seed} program"), random.Random(f"{seed} fate")
        self.eye = Eye(path)
        self.standings, self.people_say = Standings(self.eye), PeopleSay()
        self.collecting = Collecting(seed, self.options, self)
        self.collecting.payments += template.opening_payments(self.eye)
        self.paying = PayingOut(seed, self.options, self)
        self.answering = Answering(seed, self.options, self, self.collecting, self.paying)
        self.telegram = SimulatedTelegram(seed, self)
        self.checks = Checks(self)
        self.faults: Counter[str] = Counter()
        self.problems: list[str] = []
        self.process = Process(self)
        self.went_wrong: asyncio.Future[None] = loop.create_future()
        self._trace: list[tuple[float, str]] = []

    # What others in the world do with it

    def note(self, what: str, fault: bool = False) -> None:
        self._trace.append((self.loop.time(), what))
        if fault:
            self.faults[what] += 1

    def wrong(self, problem: str) -> None:
        if problem not in self.problems:
            self.note(f"WRONG: {problem}")
            self.problems.append(problem)
            if not self.went_wrong.done():
                self.went_wrong.set_result(None)

    def committed(self) -> None:
        self.checks.committed()

    async def ask(self, what: Ask[T]) -> T:
        if not self.process.alive:
            raise Unreachable
        return await self.process.answer(what)

    def knows_prompt(self, checkout_id: str) -> bool:
        query = "SELECT count(*) FROM donations WHERE checkout_index = ?"
        [[known]] = self.eye.all(query, (VAULT.index(checkout_id),))
        return bool(known)

    async def deliver(self, path: str, token: str | None, body: bytes) -> bool:
        """Whether it was answered 200: then it must never be forgotten."""
        try:
            async with asyncio.timeout(0.001 if self._happens("caller_impatient") else None):
                await self.ask(lambda house: take(house, path, token, body))
        except (Unreachable, DiskError, NotJson, TimeoutError):
            self.note(f"a callback to {path} is not taken")
            return False
        self.note(f"a callback to {path} is taken, {'with' if token else 'without'} token: {body.decode()}")
        return True

    # Its course

    async def run(self) -> None:
        supervisor = self._outside(self._supervise())
        try:
            await self._with_faults()
            await self._healed()
            supervisor.cancel()
            await self._at_the_end()
        except EverythingWaits:
            self.wrong("somebody waits for an answer that nobody gives")
        finally:
            await self.process.database.close()

    async def _with_faults(self) -> None:
        makers = [Maker(self, template.MAKER, self.options.payouts)]
        makers.append(Maker(self, template.OWNERS[0], bool(self.options.pays_himself and self.options.payouts)))
        lives = [self._outside(Donor(self, n).live()) for n in range(1, self.options.donors + 1)]
        lives += [self._outside(maker.live()) for maker in makers]
        lives += [self._outside(makers[0].look_after()), self._outside(Forger(self).live())]
        for each in staff(self):
            self._outside(each.live())
        await asyncio.sleep(self.options.hours * HOUR)
        self.note("all heals")
        self.options = calm(self.options)
        for side in (self.collecting, self.paying, self.answering):
            side.heal()
        await asyncio.sleep(HOUR)
        for life in lives:
            life.cancel()

    async def _healed(self) -> None:
        await asyncio.sleep(max(self.drawn.review_after, self.drawn.approval_expires) * HOUR + AFTERWARDS)
        self.checks.healed()
        self.note("M-Pesa tells again what was never heard")
        self.collecting.tell_again([payment for payment in self.collecting.payments if not payment.heard])
        self.paying.tell_again()
        await asyncio.sleep(AFTERWARDS)

    async def _at_the_end(self) -> None:
        self.checks.final()
        for problem in await self.ask(lambda house: house.self_check.problems()):
            self.wrong(problem)

    async def _supervise(self) -> None:
        """Starts the program anew when it died, and now and then kills it."""
        while True:
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

    def _happens(self, fault: str) -> bool:
        happens: bool = self.fate.random() < getattr(self.options, fault)
        if happens:
            self.note(fault.replace("_", " "), fault=True)
        return happens

    def _outside(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = self.loop.create_task(work, context=Context(), name=getattr(work, "__qualname__", None))
        task.add_done_callback(self._has_ended)
        return task

    def _has_ended(self, life: "asyncio.Task[None]") -> None:
        """Somebody was answered what nobody should ever read."""
        error = None if life.cancelled() else life.exception()
        if error:
            self.wrong(f"{life.get_name()} met {error!r}")

    def report(self) -> Report:
        trace = [f"{timedelta(seconds=round(at))} {what}" for at, what in self._trace]
        donations, payouts = len(self.eye.donations()) - len(template.OPENING), len(self.eye.payouts())
        self.eye.close()
        days, messages = self.loop.time() / 86_400, len(self.telegram.said)
        return Report(self.seed, self.drawn, self.problems, trace, self.faults, donations, payouts, messages, days)


async def take(house: UseCases, path: str, token: str | None, body: bytes) -> None:
    mailbox = house.paying.mailbox
    doors = {
        "stk": mailbox.prompt_result,
        "payout/result": mailbox.payment_result,
        "payout/timeout": mailbox.payment_timeout,
        "status": mailbox.status_result,
        "balance": mailbox.balance_result,
    }
    await doors[path](token, body)
