"""A transaction is a synchronous closure: no await, hence no network call, can happen inside one."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.vault import Vault

T = TypeVar("T")


class LeaseOver(Exception):
    """What was to be written belongs to a job that is another process's by now."""


def always() -> bool:
    return True


Guard = tuple[asyncio.Task[Any] | None, Callable[[], bool]]
GUARD: ContextVar[Guard] = ContextVar("GUARD", default=(None, always))


@contextmanager
def writing_only_while(holds: Callable[[], bool]) -> Iterator[None]:
    """Asked in each transaction of this task; not of tasks that it starts: a batch, too, carries what others wrote."""
    guard = GUARD.set((asyncio.current_task(), holds))
    try:
        yield
    finally:
        GUARD.reset(guard)


def guard_of_this_task() -> Callable[[], bool]:
    task, holds = GUARD.get()
    return holds if task is asyncio.current_task() else always


class AlreadyRunning(Exception):
    """Another `trustvoice run` holds this database file."""


def announce_work(conn: Connection) -> None:
    """Wakes this process's loops when the transaction is committed. (Waking at every commit: they wake each other.)"""
    conn.info["work"] = True


class Database(ABC):
    def __init__(self) -> None:
        self._next_work = asyncio.Event()

    @abstractmethod
    async def read(self, fn: Callable[[Connection], T]) -> T:
        """What fn reads, from one consistent moment."""

    async def write(self, fn: Callable[[Connection], T]) -> T:
        """Returns when fn is committed; raises what fn raised, with nothing of it stored.

        fn may run more than once. Cancelling the caller does not cancel the commit.
        Raises LeaseOver where `writing_only_while` says so.
        """
        may_write = guard_of_this_task()

        def watched(conn: Connection) -> tuple[T, bool]:
            if not may_write():
                raise LeaseOver
            conn.info.pop("work", None)
            return fn(conn), bool(conn.info.pop("work", False))

        answer, work = await self._commit(watched)
        if work:
            self.wake()
        return answer

    def next_work(self) -> asyncio.Event:
        """Take it before looking for work, wait on it after finding none: no wake-up is missed."""
        return self._next_work

    def wake(self) -> None:
        self._next_work.set()
        self._next_work = asyncio.Event()

    def hold(self) -> None:
        """Marks this process as the one that runs. Raises AlreadyRunning where there may be one only."""
        return

    @abstractmethod
    async def migrate(self, vault: Vault | None = None) -> None:
        """Brings the tables to this program's version; does nothing when they are.

        `vault`: needed where something is sealed already. Raises WrongKey.
        """

    @abstractmethod
    async def close(self) -> None: ...

    @abstractmethod
    async def _commit(self, fn: Callable[[Connection], T]) -> T: ...
