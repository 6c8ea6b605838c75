"""The process's database: a real file, whose disk fails and whose transactions are slow or run twice.

A killed process loses its uncommitted transaction and nothing else; only a power cut would lose what was not flushed.
So under this fault model synchronous=OFF is the same as FULL, and cheaper.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, event

from fundraising.refusals import Refused
from storage.database import Database
from storage.inline import InlineDatabase

T = TypeVar("T")
SLOWLY = 15  # seconds: too late for a call that should follow
YIELDS = (0, 0, 0.001, 0.02)  # seconds for which others have their turn


class DiskError(OSError):
    """Nothing of this transaction was stored."""


class Mortal(Protocol):
    def may_die(self, where: str) -> None: ...

    def wake(self) -> None: ...


@cache
def engine_of(path: Path) -> Engine:
    """One for all worlds, so that each statement is compiled once; what died has closed its connections."""
    engine = InlineDatabase(path)._engine
    event.listen(engine, "connect", lambda dbapi, _record: dbapi.execute("PRAGMA synchronous=OFF"))
    return engine


class FaultyDatabase(InlineDatabase):
    """Other tasks get their turn before and after each transaction, as with a real database."""

    def __init__(self, process: Mortal, world: Any):
        Database.__init__(self)
        self._engine, self._open = engine_of(world.path), None
        self._process, self._world = process, world

    def wake(self) -> None:
        self._process.wake()

    async def read(self, fn: Callable[[Connection], T]) -> T:
        await self._others_turn()
        self._process.may_die("before a read")
        return await super().read(fn)

    async def _commit(self, fn: Callable[[Connection], T]) -> T:
        await self._others_turn()
        self._process.may_die("before a commit")
        if self._happens("disk_fails"):
            raise DiskError("disk I/O error")
        if self._happens("commit_runs_twice"):
            self._in_vain(fn)
        answer = await super()._commit(fn)
        self._world.committed()
        if self._happens("commit_is_slow"):
            await asyncio.sleep(SLOWLY)
        self._process.may_die("after a commit")
        await self._others_turn()
        return answer

    def _in_vain(self, fn: Callable[[Connection], Any]) -> None:
        """As when the other database found a conflict: the transaction is taken back and runs again."""
        with suppress(Refused):
            self._taken_back(fn)

    def _happens(self, fault: str) -> bool:
        happens: bool = self._world.fate.random() < getattr(self._world.options, fault)
        if happens:
            self._world.note(fault.replace("_", " "), fault=True)
        return happens

    async def _others_turn(self) -> None:
        await asyncio.sleep(self._world.fate.choice(YIELDS))
