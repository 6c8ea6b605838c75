import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.database import Database
from tests.databases import KINDS, PostgresServer, opened, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Without fsync: processes are killed here, never the machine."""
    with postgres_server() as server, ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, server.forget_fsync()).result()
        yield server


@pytest.fixture(params=KINDS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    postgres = request.getfixturevalue("postgres") if request.param == "postgres" else None
    async with opened(request.param, tmp_path, postgres) as database:
        yield database
