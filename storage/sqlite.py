"""SQLite: one thread owns the one writing connection and commits all waiting closures at once.

A lock file makes it one writer across processes too: the command line may write beside a running server.
"""

import asyncio
import fcntl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TextIO, TypeVar, cast

from sqlalchemy import Connection, StaticPool, create_engine, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from storage import pragmas
from storage.batcher import Batcher
from storage.database import AlreadyRunning, Database
from storage.migrate import upgrade
from storage.private import keep_private
from storage.vault import Vault

T = TypeVar("T")
Closure = Callable[[Connection], Any]
PARTS = ("", "-wal", "-shm", ".lock", ".run.lock")


class SqliteDatabase(Database):
    def __init__(self, url: str):
        super().__init__()
        self.path = Path(cast(str, make_url(url).database))
        self._reader = create_async_engine(url, hide_parameters=True)
        self._writer = create_engine(
            f"sqlite:///{self.path}",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
            hide_parameters=True,
        )
        pragmas.set_pragmas(self._reader.sync_engine, pragmas.READER, "BEGIN")
        pragmas.set_pragmas(self._writer, pragmas.WRITER, "BEGIN IMMEDIATE")
        self._thread = ThreadPoolExecutor(1, "sqlite-writer")
        self._batcher = Batcher[Closure, Any](self._hand_over)
        self._batch_lock: TextIO | None = None
        self._run_lock: TextIO | None = None

    def hold(self) -> None:
        """One `run` per file, for as long as this process lives: it alone checkpoints. Raises AlreadyRunning."""
        self._run_lock = hold(self.path)
        keep_private(Path(f"{self.path}{part}") for part in PARTS)  # new ones beside it get the file's own rights
        with self._writer.connect() as conn:
            conn.exec_driver_sql(pragmas.CHECKPOINTER)

    async def read(self, fn: Callable[[Connection], T]) -> T:
        async with self._reader.connect() as conn:
            return await conn.run_sync(fn)

    async def migrate(self, vault: Vault | None = None) -> None:
        await self._batcher.send(lambda conn: upgrade(conn, vault=vault))

    async def _commit(self, fn: Callable[[Connection], T]) -> T:
        return cast(T, await self._batcher.send(fn))

    async def _hand_over(self, closures: list[Closure]) -> list[Any]:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, closures)

    def _run(self, closures: list[Closure]) -> list[Any]:
        lock = self._batch_lock or self._open_batch_lock()
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            with self._writer.begin() as conn:
                return [run_alone(conn, fn) for fn in closures]
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)

    def _open_batch_lock(self) -> TextIO:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._batch_lock = open(f"{self.path}.lock", "w")  # noqa: SIM115 closed with the database
        return self._batch_lock

    async def close(self) -> None:
        await self._batcher.finish()
        self._thread.shutdown()
        await self._reader.dispose()
        self._writer.dispose()
        for lock in (self._batch_lock, self._run_lock):
            if lock:
                lock.close()


def hold(path: Path) -> TextIO:
    """Until it is closed, nobody else runs on the file. Raises AlreadyRunning."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = open(f"{path}.run.lock", "w")  # noqa: SIM115 the caller closes it, or the process ends
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise AlreadyRunning(f"another process is already running on {path}") from None
    return lock


def run_alone(conn: Connection, fn: Closure) -> Any:
    """A closure that fails takes back its own rows, not its neighbours'. (begin_nested() costs twice this.)"""
    conn.exec_driver_sql("SAVEPOINT closure")
    answer: Any
    try:
        answer = fn(conn)
    except Exception as error:  # noqa: BLE001 it is handed to the closure's caller
        conn.exec_driver_sql("ROLLBACK TO closure")
        answer = error
    conn.exec_driver_sql("RELEASE closure")
    return answer
