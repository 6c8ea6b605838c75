"""The process under test: it can die at every commit and around every call, and starts again from its file."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from contextvars import Context, ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine

from fundraising.giving.donations import GivingSettings
from fundraising.giving.tasks import MPESA
from fundraising.refusals import Refused
from fundraising.use_cases import UseCases
from mpesa.client import Mpesa, PushAccepted, StkPush
from mpesa.outcome import Outcome
from storage import jobs
from storage.database import Database
from storage.inline import InlineDatabase
from storage.vault import Vault
from tests.fakes import PAYING, FakePayouts
from tests.simulation.options import Options
from tests.simulation.virtual_time import Now
from trustvoice.house import build_use_cases, mpesa_worker

T = TypeVar("T")
SETTINGS = GivingSettings(callback_url="https://give.example/webhooks/daraja")
SECRET = "a secret key that is only used in simulated worlds"
IDLE = 3600.0  # seconds; the next job's moment ends it sooner


class Died(BaseException):
    """The process ended here, as kill -9 would end it: no handler of the program may catch it."""


class Unreachable(Exception):
    """The process is down, or died before it answered."""


class DiskError(OSError):
    """Nothing of this transaction was stored."""


class Surroundings(Protocol):
    """What a process finds around it when it starts."""

    options: Options
    path: Path
    now: Now
    chance: random.Random  # what the program draws from
    fate: random.Random  # what happens to it

    @property
    def mpesa(self) -> Mpesa: ...

    def note(self, what: str, fault: bool = False) -> None: ...

    def wrong(self, problem: str) -> None: ...

    def committed(self) -> None: ...


INSIDE: ContextVar["Process | None"] = ContextVar("the process that a task belongs to", default=None)


class Process:
    def __init__(self, world: Surroundings):
        self.world, self.alive = world, True
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tasks: dict[asyncio.Task[Any], None] = {}
        self.database = FaultyDatabase(self, world.path)
        mpesa, vault = CallsFrom(self, world.mpesa), Vault(SECRET)
        self.use_cases = build_use_cases(
            SETTINGS, PAYING, self.database, vault, mpesa, FakePayouts(), world.now, world.chance.randbytes
        )
        self.worker = mpesa_worker(self.database, world.now, self.use_cases)
        self.spawn(self._work())

    def spawn(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        context = Context()
        context.run(INSIDE.set, self)
        return asyncio.get_running_loop().create_task(work, context=context)

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

    async def _work(self) -> None:
        """As `Worker.forever`, but it sleeps until the next job is due: polling would fill the simulated days."""
        while True:
            work = self.database.next_work()
            self.worker._freed.clear()
            pause = 1.0
            with suppress(DiskError):
                due = await self.database.read(lambda conn: jobs.next_due(conn, MPESA))
                if due and due <= self.world.now() and await self.worker.start_due():
                    continue
                pause = max((due - self.world.now()).total_seconds(), 1.0) if due else IDLE
            await self._sleep(pause, work, self.worker._freed)

    async def _sleep(self, seconds: float, *events: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in events]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    def _bury(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.pop(task, None)
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, Died | Refused | DiskError):
            self.world.wrong(f"{task.get_name()} raised {error!r}")


def adopt_tasks(loop: asyncio.AbstractEventLoop, work: Any, context: Context | None = None) -> "asyncio.Task[Any]":
    """The loop's task factory: whatever a process's task starts dies with that process."""
    task = asyncio.Task(work, loop=loop, context=context)
    if process := context.get(INSIDE) if context else INSIDE.get():
        process.adopt(task)
    return task


@cache
def engine_of(path: Path) -> Engine:
    """One for all worlds, so that each statement is compiled once; what died has closed its connections."""
    return InlineDatabase(path)._engine


class FaultyDatabase(InlineDatabase):
    """A real file; other tasks get their turn before and after each transaction, as with a real database."""

    def __init__(self, process: Process, path: Path):
        Database.__init__(self)
        self._engine = engine_of(path)
        self._process, self._world = process, process.world

    async def read(self, fn: Callable[[Connection], T]) -> T:
        await self._others_turn()
        self._process.may_die("before a read")
        return await super().read(fn)

    async def _commit(self, fn: Callable[[Connection], T]) -> T:
        await self._others_turn()
        if self._happens("commit_is_slow"):
            await asyncio.sleep(15)
        self._process.may_die("before a commit")
        if self._happens("disk_fails"):
            raise DiskError("disk I/O error")
        if self._happens("commit_runs_twice"):
            self._in_vain(fn)
        answer = await super()._commit(fn)
        self._world.committed()
        self._process.may_die("after a commit")
        await self._others_turn()
        return answer

    def _in_vain(self, fn: Callable[[Connection], Any]) -> None:
        """As when the other database found a conflict: the transaction is taken back and runs again."""
        with self._engine.connect() as conn, suppress(Refused):
            fn(conn)

    def _happens(self, fault: str) -> bool:
        happens: bool = self._world.fate.random() < getattr(self._world.options, fault)
        if happens:
            self._world.note(fault.replace("_", " "), fault=True)
        return happens

    async def _others_turn(self) -> None:
        await asyncio.sleep(self._world.fate.choice([0, 0, 0.001, 0.02]))


class CallsFrom:
    """M-Pesa as this process reaches it: it may die before the request leaves and before the answer is read."""

    def __init__(self, process: Process, mpesa: Mpesa):
        self._process, self._mpesa = process, mpesa

    async def stk_push(self, push: StkPush) -> Outcome[PushAccepted]:
        return await self._around("a push", lambda: self._mpesa.stk_push(push))

    async def stk_query(self, checkout_id: str) -> Outcome[None]:
        return await self._around("a question", lambda: self._mpesa.stk_query(checkout_id))

    async def _around(self, what: str, call: Callable[[], Awaitable[T]]) -> T:
        self._process.may_die(f"before {what}")
        answer = await call()
        self._process.may_die(f"after {what}")
        return answer
