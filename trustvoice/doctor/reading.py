"""Reading the database beside a running program, unable to change it."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Connection, NullPool, create_engine

from storage import open_database
from storage.pragmas import READER, set_pragmas
from trustvoice.settings.model import Settings

T = TypeVar("T")


class Reader(Protocol):
    async def read(self, fn: Callable[[Connection], T]) -> T: ...

    async def close(self) -> None: ...


class SqliteReader:
    """Opens the file for reading only; one that is not there is not made."""

    def __init__(self, path: Path):
        self._path = path

    async def read(self, fn: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._read, fn)

    async def close(self) -> None:
        """Nothing is held between two reads."""

    def _read(self, fn: Callable[[Connection], T]) -> T:
        url = URL.create("sqlite", database=f"file:{quote(str(self._path))}", query={"mode": "ro", "uri": "true"})
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
        as_it_is: dict[str, Any] = {"journal_mode": journal_mode(self._path)}
        set_pragmas(engine, READER | as_it_is, "BEGIN")
        with engine.connect() as conn:
            return fn(conn)


def journal_mode(path: Path) -> str:
    with closing(connect(path)) as conn:
        return str(conn.execute("PRAGMA journal_mode").fetchone()[0])


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)


def reader(settings: Settings) -> Reader:
    return SqliteReader(settings.database_path) if settings.database_path else open_database(settings.database_url)
