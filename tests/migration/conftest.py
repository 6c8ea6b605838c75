from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import open_database
from tests.bot.conftest import telegram, telegram_kind
from tests.databases import PostgresServer
from tests.migration.old import Old, leave_behind, made

__all__ = ["telegram", "telegram_kind"]


@pytest.fixture(params=["sqlite", "postgres"])
async def old(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Old]:
    """A copy of one that was made once."""
    if request.param == "sqlite":
        left = made.get("sqlite") or await leave_behind("sqlite", f"sqlite+aiosqlite:///{tmp_path}/left.db")
        path = tmp_path / "old.db"
        path.write_bytes(left.file)
        url = f"sqlite+aiosqlite:///{path}"
    else:
        postgres: PostgresServer = request.getfixturevalue("postgres")
        left = made.get("postgres") or await leave_behind("postgres", await postgres.empty())
        url = await postgres.fresh(left.name)
    database = open_database(url)
    yield Old(database, left)
    await database.close()
