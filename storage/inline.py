"""A real SQLite file without a thread: what a simulation runs on, so that one seed decides every interleaving."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, create_engine

from storage import pragmas
from storage.database import Database
from storage.migrate import upgrade
from storage.vault import Vault

T = TypeVar("T")


class InlineDatabase(Database):
    def __init__(self, path: Path):
        super().__init__()
        self._engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
        self._open: Connection | None = None
        pragmas.set_pragmas(self._engine, pragmas.WRITER, "BEGIN IMMEDIATE")

    async def read(self, fn: Callable[[Connection], T]) -> T:
        return self._taken_back(fn)

    async def migrate(self, vault: Vault | None = None) -> None:
        await self._commit(lambda conn: upgrade(conn, vault=vault))

    async def _commit(self, fn: Callable[[Connection], T]) -> T:
        conn = self._connection()
        with conn.begin():
            return fn(conn)

    async def close(self) -> None:
        if self._open:
            self._open.close()
            self._open = None
        self._engine.dispose()

    def _taken_back(self, fn: Callable[[Connection], T]) -> T:
        conn = self._connection()
        try:
            return fn(conn)
        finally:
            conn.rollback()

    def _connection(self) -> Connection:
        """One for all transactions: without threads there is never more than one at a time."""
        if self._open is None:
            self._open = self._engine.connect()
        return self._open
