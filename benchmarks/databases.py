"""A database of each kind to measure on, and the proof afterwards that nothing was lost on the way."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection, func, select

from benchmarks import stock
from benchmarks.stock import AMOUNT, CAMPAIGN
from fundraising.audit import selfcheck
from fundraising.ledger import accounts, posting
from fundraising.statuses import DonationStatus
from storage import open_database
from storage.database import Database
from storage.tables import donations
from tests.databases import postgres_server


@asynccontextmanager
async def sqlite() -> AsyncIterator[str]:
    """The address of a database with one open campaign."""
    with tempfile.TemporaryDirectory(prefix="trustvoice-bench-") as folder:
        url = f"sqlite+aiosqlite:///{folder}/bench.db"
        await furnish(url)
        yield url


@asynccontextmanager
async def postgres() -> AsyncIterator[str]:
    starting = postgres_server()
    server = await asyncio.to_thread(starting.__enter__)
    try:
        url = await server.fresh()
        await furnish(url)
        yield url
    finally:
        await asyncio.to_thread(starting.__exit__, None, None, None)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    yield database
    await database.close()


async def furnish(url: str) -> None:
    async with opened(url) as database:
        await database.migrate()
        await stock.open_campaign(database)


async def add_pending(url: str, numbers: range) -> None:
    async with opened(url) as database:
        await stock.add_pending(database, numbers)


async def check(url: str, settled: int) -> None:
    """Every donation but those that still wait is completed, the balance is exact, the books hold."""

    def compare(conn: Connection) -> None:
        completed = select(func.count()).where(donations.c.status == DonationStatus.COMPLETED)
        assert conn.scalar(completed) == settled
        assert posting.balance(conn, accounts.campaign(CAMPAIGN)).minor == settled * AMOUNT.minor
        assert selfcheck.problems(conn, stock.VAULT) == []

    async with opened(url) as database:
        await database.read(compare)
