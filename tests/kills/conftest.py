"""The stock that every life begins with, once for each database; and the process that forks the lives."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.databases import PostgresServer
from tests.e2e.commands import FORKS
from tests.kills.keeper import TEMPLATE, Stock
from tests.kills.matrix import Report, Share, matrix
from tests.kills.stories import stock

ENDS_WITHIN_S = 1200
Die = Callable[[str, str, int], Report]


@pytest.fixture(scope="session")
def sqlite_stock(tmp_path_factory: pytest.TempPathFactory) -> Stock:
    folder = tmp_path_factory.mktemp("kills")
    run(stock(f"sqlite+aiosqlite:///{folder}/stock.db"))
    return Stock("sqlite", folder)


@pytest.fixture(scope="session")
def postgres_stock(postgres: PostgresServer) -> Stock:
    run(execute(postgres, f"CREATE DATABASE {TEMPLATE} TEMPLATE trustvoice_template"))
    run(stock(postgres.url(TEMPLATE)))
    return Stock("postgres", Path(postgres.folder))


def run(work: Coroutine[Any, Any, None]) -> None:
    """The caller's thread may be inside an event loop."""
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, work).result()


async def execute(postgres: PostgresServer, *statements: str) -> None:
    connection = await asyncpg.connect(host=postgres.folder, user="postgres", database="postgres")
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


@pytest.fixture
def die_at_points(request: pytest.FixtureRequest, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Die:
    """Of a story on a database; every so many-th point, others each day, unless KILLS=all: then all, and also twice."""

    def die(story: str, kind: str, every: int) -> Report:
        share = Share(twice=True) if os.environ.get("KILLS") == "all" else Share(every, datetime.now(UTC).toordinal())
        stocked: Stock = request.getfixturevalue(f"{kind}_stock")
        process = FORKS.Process(target=keep, args=(story, stocked, tmp_path, share))
        process.start()
        process.join(ENDS_WITHIN_S)
        assert process.exitcode == 0, "the lives do not end"
        report = Report(**json.loads((tmp_path / "report").read_text()))
        with capfd.disabled():
            sys.stderr.write(f"\n{story}, {kind}: killed at {report.died} of {len(report.passed)} points\n")
        return report

    return die


def keep(story: str, stocked: Stock, folder: Path, share: Share) -> None:
    report = matrix(story, stocked, folder / "run", share)
    (folder / "report").write_text(json.dumps(asdict(report)))
