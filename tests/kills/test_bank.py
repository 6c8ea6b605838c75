"""Processes move money, one is killed and comes back; and whoever reads meanwhile finds that all accounts add up."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from fundraising.audit.selfcheck import SelfCheck
from storage import open_database
from storage.database import Database
from storage.tables import balances, postings
from tests.databases import PostgresServer
from tests.e2e.commands import FORKS
from tests.kills.child import VAULT
from tests.kills.writers import STOP, stock_bank, write

WITHIN = 60.0  # seconds
LEAST_READS = 300
KINDS_OF_MOVES = {"donation", "payout", "receipt", "correction", "cover"}
p, b = postings.c, balances.c


async def until_there(path: Path) -> None:
    async with asyncio.timeout(WITHIN):
        while not path.exists():  # noqa: ASYNC110 another process makes it
            await asyncio.sleep(0.01)


class Writers:
    def __init__(self, url: str, folder: Path, runners: int, commands: int):
        self._url, self._folder = url, folder
        self._runs = {f"{number}": number <= runners for number in range(1, runners + commands + 1)}
        self.processes: dict[str, ForkServerProcess] = {}

    async def start(self, *names: str) -> None:
        for name in names or self._runs:
            lives = name + "I" * sum(each.startswith(name) for each in self.processes)
            process = FORKS.Process(target=write, args=(self._url, lives, self._folder, self._runs[name]))
            process.start()
            self.processes[lives] = process
        for name in self.processes:
            await until_there(self._folder / f"started {name}")

    async def kill(self, name: str) -> None:
        process = self.processes[name]
        process.kill()
        await asyncio.to_thread(process.join)

    def work(self) -> bool:
        """Whether none broke."""
        return all(process.exitcode in (None, -signal.SIGKILL) for process in self.processes.values())

    def ends(self) -> dict[str, int | None]:
        return {name: process.exitcode for name, process in self.processes.items()}

    def expected_ends(self, killed: str) -> dict[str, int]:
        return {name: -signal.SIGKILL if name == killed else 0 for name in self.processes}

    async def stop(self) -> None:
        (self._folder / STOP).touch()
        for process in self.processes.values():
            await asyncio.to_thread(process.join, WITHIN)
        for process in self.processes.values():
            process.kill()  # one that did not stop


@pytest.mark.parametrize(("kind", "runners", "commands"), [("sqlite", 1, 1), ("postgres", 3, 0)])
async def test_at_every_read_all_accounts_together_are_zero(
    kind: str, runners: int, commands: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    postgres = request.getfixturevalue("postgres") if kind == "postgres" else None
    async with bank(kind, tmp_path, postgres) as (url, database):
        writers = Writers(url, tmp_path, runners, commands)
        reader = Reader(database)
        try:
            await writers.start()
            await reader.reads(LEAST_READS // 3)
            await writers.kill("1")
            await reader.reads(LEAST_READS // 3)
            await writers.start("1")
            await reader.reads(LEAST_READS // 3)
            await reader.sees_all_kinds_of_moves(writers)
        finally:
            await writers.stop()
        assert reader.wrong == []
        assert writers.ends() == writers.expected_ends("1")
        assert await SelfCheck(database, VAULT).problems() == []


class Reader:
    def __init__(self, database: Database):
        self._database, self.wrong = database, list[str]()

    async def reads(self, times: int) -> None:
        for _ in range(times):
            self.wrong += await self._database.read(lambda conn: list(problems(conn)))

    async def sees_all_kinds_of_moves(self, writers: Writers) -> None:
        async with asyncio.timeout(WITHIN):
            while writers.work() and not await self._database.read(every_kind_is_there):
                await self.reads(10)


@asynccontextmanager
async def bank(kind: str, folder: Path, postgres: PostgresServer | None) -> AsyncIterator[tuple[str, Database]]:
    url = await postgres.fresh() if postgres else f"sqlite+aiosqlite:///{folder}/bank.db"
    database = open_database(url)
    await database.migrate()
    await stock_bank(database)
    yield url, database
    await database.close()


def every_kind_is_there(conn: Connection) -> bool:
    causes = set(conn.scalars(select(p.cause)))
    covered = any(cause.endswith(":shortfall") for cause in causes)
    return covered and {cause.partition(":")[0] for cause in causes} >= KINDS_OF_MOVES


def problems(conn: Connection) -> Iterator[str]:
    """All in one transaction, hence of one moment."""
    for currency, minor in conn.execute(select(p.currency, func.sum(p.minor)).group_by(p.currency)):
        if minor:
            yield f"the postings in {currency} add up to {minor}"
    for currency, minor in conn.execute(select(b.currency, func.sum(b.in_minor - b.out_minor)).group_by(b.currency)):
        if minor:
            yield f"the balances in {currency} add up to {minor}"
    promised = select(b.account).where(b.reserved_minor > b.in_minor - b.out_minor, b.reserved_minor > 0)
    for account in conn.scalars(promised):
        yield f"{account} promises more than it has"
