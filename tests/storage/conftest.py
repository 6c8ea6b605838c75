import os
import stat
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


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is on the disk, by kind, in order; nothing is really synced."""
    told: list[str] = []

    def note(handle: int) -> None:
        told.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")

    monkeypatch.setattr(os, "fsync", note)
    return told
