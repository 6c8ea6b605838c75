from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase
from tests.databases import PostgresServer, opened


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    async with opened("sqlite", tmp_path) as database:
        assert isinstance(database, SqliteDatabase)
        yield database


@pytest.fixture
async def postgresql(tmp_path: Path, postgres: PostgresServer) -> AsyncIterator[PostgresDatabase]:
    async with opened("postgres", tmp_path, postgres) as database:
        assert isinstance(database, PostgresDatabase)
        yield database
