"""A database of the first release, before and after it is migrated."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, make_url, select

from storage import open_database
from storage.database import Database
from storage.journal import Journal
from storage.migrate import upgrade
from storage.vault import Vault
from tests.fakes import FakeClock
from tests.fundraising.house import SECRET, House
from tests.migration import release_1
from tests.migration.release_1 import REVISION, Release

Values = dict[str, dict[str, list[Any]]]  # by table and column, sorted


@dataclass(frozen=True)
class Left:
    """What the release left, to be copied."""

    release: Release
    values: Values
    name: str  # of the database, on a server
    file: bytes = b""  # else


made: dict[str, Left] = {}


async def leave_behind(kind: str, url: str) -> Left:
    """In this empty database, for all tests of its kind."""
    database = open_database(url)
    await database.write(lambda conn: upgrade(conn, REVISION))
    release = await database.write(lambda conn: release_1.fill(conn, FakeClock().moment))
    held = await database.read(values)
    await database.close()
    name = str(make_url(url).database)
    made[kind] = Left(release, held, name, Path(name).read_bytes() if kind == "sqlite" else b"")
    return made[kind]


class Old:
    """`before` is what it held when it was stopped."""

    def __init__(self, database: Database, left: Left):
        self.database, self.release, self.before, self.clock = database, left.release, left.values, FakeClock()

    async def migrate(self, journal: Journal | None = None) -> House:
        await self.database.migrate(Vault(SECRET))
        return House(self.database, clock=self.clock, journal=journal)


def values(conn: Connection) -> Values:
    found = MetaData()
    found.reflect(conn)
    return {table.name: columns_of(conn, table) for table in found.sorted_tables if table.name != "alembic_version"}


def columns_of(conn: Connection, table: Table) -> dict[str, list[Any]]:
    rows = conn.execute(select(table)).mappings().all()
    return {column.name: sorted((row[column.name] for row in rows), key=repr) for column in table.columns}
