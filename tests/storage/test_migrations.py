"""The migrations make the schema that the code expects, once, whoever comes first; postings stay as they are."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from fundraising.ledger import accounts, posting
from fundraising.ledger.causes import Donation
from fundraising.money import Money
from storage import open_database
from storage.database import Database
from storage.schema import metadata
from tests.databases import PostgresServer
from tests.storage.rows import another_process, put, said_by, stored


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/new/test.db"
    postgres: PostgresServer = request.getfixturevalue("postgres")
    return await postgres.empty()


@pytest.fixture
async def empty(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    yield database
    await database.close()


def differences(conn: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(conn), metadata))


def checks(conn: Connection) -> dict[str, set[str | None]]:
    tables = metadata.tables
    return {name: {check["name"] for check in inspect(conn).get_check_constraints(name)} for name in tables}


def wanted_checks(conn: Connection) -> dict[str, set[str | None]]:
    name_of = conn.dialect.identifier_preparer.format_constraint
    return {
        name: {name_of(check) for check in table.constraints if isinstance(check, CheckConstraint)}
        for name, table in metadata.tables.items()
    }


async def test_the_migrated_schema_is_the_one_in_the_code(empty: Database) -> None:
    await empty.migrate()
    assert await empty.read(differences) == []
    assert await empty.read(checks) == await empty.read(wanted_checks)


async def test_migrating_twice_is_harmless(empty: Database) -> None:
    await empty.migrate()
    await empty.write(put("a"))
    await empty.migrate()
    assert await stored(empty) == ["a"]
    assert await empty.read(differences) == []


async def test_processes_that_migrate_at_once_do_not_disturb_each_other(empty: Database, url: str) -> None:
    neighbours = [await another_process("migrate", url) for _ in range(2)]
    assert await asyncio.gather(*map(said_by, neighbours)) == ["migrated", "migrated"]
    assert await empty.read(differences) == []
    assert await empty.read(lambda conn: conn.execute(text("SELECT count(*) FROM alembic_version")).scalar()) == 1


@pytest.mark.parametrize("change", ["UPDATE postings SET minor = 1", "DELETE FROM postings"])
async def test_postings_are_never_changed_or_deleted(database: Database, change: str) -> None:
    transfer = posting.Transfer(Donation(1), accounts.OUTSIDE, accounts.campaign(1), Money.shillings(5))
    await database.write(lambda conn: posting.post(conn, [transfer], datetime.now(UTC)))
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        await database.write(lambda conn: conn.execute(text(change)).close())
    total = text("SELECT count(*), sum(abs(minor)) FROM postings")
    assert await database.read(lambda conn: tuple(conn.execute(total).one())) == (2, 1000)
