"""A real SQLite file without a thread: what a simulation runs on, so that one seed decides every interleaving."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, create_engine

from storage import pragmas
from storage.database import Database
from storage.migrate import upgrade

T = TypeVar("T")


class InlineDatabase(Database):
    def __init__(self, path: Path):
        super().__init__()
        self._engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
        pragmas.set_pragmas(self._engine, pragmas.WRITER, "BEGIN IMMEDIATE")

    async def read(self, fn: Callable[[Connection], T]) -> T:
        with self._engine.connect() as conn:
            return fn(conn)

    async def migrate(self) -> None:
        with self._engine.begin() as conn:
            upgrade(conn)

    async def _commit(self, fn: Callable[[Connection], T]) -> T:
        with self._engine.begin() as conn:
            return fn(conn)

    async def close(self) -> None:
        self._engine.dispose()
