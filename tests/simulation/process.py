"""The process under test: it can die at every commit and around every call, and starts again from its file."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context, ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from telegram import Bot

from fundraising.construction import build_use_cases
from fundraising.giving.donations import GivingSettings
from fundraising.paying.requests import PayingSettings
from fundraising.refusals import Refused
from fundraising.use_cases import UseCases
from storage.vault import Vault
from tests.simulation.answering import Answering
from tests.simulation.calls import CallsFrom, ChatsFrom
from tests.simulation.checks import Checks
from tests.simulation.collecting import Collecting
from tests.simulation.disk import DiskError, FaultyDatabase
from tests.simulation.eye import Eye
from tests.simulation.options import Options
from tests.simulation.paying_out import PayingOut
from tests.simulation.simulated_telegram import SimulatedTelegram
from tests.simulation.virtual_time import Now
from trustvoice.jobs import mpesa_worker, telling_worker
from trustvoice.running.worker import Worker

T = TypeVar("T")
ADDRESS = "https://give.example/webhooks/daraja"
SECRET = "a secret key that is only used in simulated worlds"
VAULT = Vault(SECRET)
TRY_AGAIN_AFTER = timedelta(minutes=2)
IDLE = 3600.0  # seconds; the next job's moment ends it sooner


class Died(BaseException):
    """The process ended here, as kill -9 would end it: no handler of the program may catch it."""


class Unreachable(Exception):
    """The process is down, or died before it answered."""


class Surroundings(Protocol):
    """What a process finds around it when it starts."""

    options: Options
    path: Path
    now: Now
    chance: random.Random  # what the program draws from
    fate: random.Random  # what happens to it
    eye: Eye
    checks: Checks
    collecting: Collecting
    paying: PayingOut
    answering: Answering
    telegram: SimulatedTelegram

    def note(self, what: str, fault: bool = False) -> None: ...

    def wrong(self, problem: str) -> None: ...

    def committed(self) -> None: ...


INSIDE: ContextVar["Process | None"] = ContextVar("the process that a task belongs to", default=None)


class Process:
    def __init__(self, world: Surroundings):
        self.world, self.alive = world, True
        self.loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[None] = self.loop.create_future()
        self._tasks: dict[asyncio.Task[Any], None] = {}
        self._bells: dict[str, asyncio.Future[None]] = {}
        self.database = FaultyDatabase(self, world)
        self.use_cases = self._build()
        for worker in self._workers():
            self.spawn(self._work(worker))

    def _build(self) -> UseCases:
        world, calls = self.world, CallsFrom(self, self.world)
        giving, paying = giving_settings(world.options), paying_settings(world.options)
        return build_use_cases(giving, paying, self.database, VAULT, calls, calls, world.now, world.chance.randbytes)

    def _workers(self) -> list[Worker]:
        chats = ChatsFrom(self, self.world.telegram)
        bot = cast(Bot, chats)
        telling = telling_worker(self.database, self.world.now, bot, self.use_cases)
        chats.listen_to(telling)
        return [mpesa_worker(self.database, self.world.now, self.use_cases), telling]

    def spawn(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        context = Context()
        context.run(INSIDE.set, self)
        return self.loop.create_task(work, context=context)

    def adopt(self, task: "asyncio.Task[Any]") -> None:
        self._tasks[task] = None
        task.add_done_callback(self._bury)

    async def answer(self, ask: Callable[[UseCases], Coroutine[Any, Any, T]]) -> T:
        """What somebody outside asks of it. Raises Unreachable, and what the use case raises."""
        task = self.spawn(ask(self.use_cases))
        ends: list[asyncio.Future[Any]] = [task, self.ended]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if not task.done() or task.cancelled() or isinstance(task.exception(), Died):
            raise Unreachable
        return task.result()

    def may_die(self, where: str) -> None:
        """Every commit and every call passes here: what is dead does nothing any more."""
        if self.alive and self.world.fate.random() < self.world.options.dies_at_a_point:
            self.die(where)
        if not self.alive:
            raise Died

    def die(self, where: str) -> None:
        self.world.note(f"dies {where}", fault=True)
        self.alive = False
        self.ended.set_result(None)
        for task in list(self._tasks):
            if task is not asyncio.current_task():
                task.cancel()

    def wake(self) -> None:
        for bell in self._bells.values():
            ring(bell)

    async def _work(self, worker: Worker) -> None:
        """As `Worker.forever`, but it sleeps until the next job is due: polling would fill the simulated days."""
        while True:
            due = self.world.eye.next_due(worker.lane)
            if due and due <= self.world.now():
                with suppress(DiskError):
                    if await worker.start_due():
                        continue
                await asyncio.sleep(1)
            else:
                await self._sleep(worker.lane, due)

    async def _sleep(self, lane: str, until: datetime | None) -> None:
        seconds = (until - self.world.now()).total_seconds() if until else IDLE
        bell = self._bells[lane] = self.loop.create_future()
        alarm = self.loop.call_later(max(seconds, 0.0), ring, bell)
        try:
            await bell
        finally:
            alarm.cancel()

    def _bury(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.pop(task, None)
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, Died | Refused | DiskError):
            self.world.wrong(f"{task.get_name()} raised {error!r}")


def ring(bell: "asyncio.Future[None]") -> None:
    if not bell.done():
        bell.set_result(None)


def adopt_tasks(loop: asyncio.AbstractEventLoop, work: Any, context: Context | None = None) -> "asyncio.Task[Any]":
    """The loop's task factory: whatever a process's task starts dies with that process."""
    task = asyncio.Task(work, loop=loop, context=context)
    if process := context.get(INSIDE) if context else INSIDE.get():
        process.adopt(task)
    return task


def giving_settings(options: Options) -> GivingSettings:
    return GivingSettings(
        callback_url=ADDRESS, review_after=timedelta(hours=options.review_after), try_again_after=TRY_AGAIN_AFTER
    )


def paying_settings(options: Options) -> PayingSettings:
    return PayingSettings(
        result_url=f"{ADDRESS}/b2c/result",
        timeout_url=f"{ADDRESS}/b2c/timeout",
        status_url=f"{ADDRESS}/status/result",
        balance_url=f"{ADDRESS}/balance/result",
        quorum=options.quorum,
        approval_expires=timedelta(hours=options.approval_expires),
        review_after=timedelta(hours=options.review_after),
        remembers_ids=options.remembers_ids,
        shortcodes=("600999",),
    )
