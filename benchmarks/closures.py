"""Small transactions through Database.write, one insert and one update each, by many callers at once."""

import asyncio
import time
from contextlib import AsyncExitStack
from functools import partial
from itertools import count
from statistics import median

from sqlalchemy import Connection, insert, update

from benchmarks import databases
from storage.columns import EPOCH
from storage.database import Database
from storage.tables import balances, postings

CALLERS, ROUNDS, SECONDS, ACCOUNTS = (1, 32, 200), 3, 1.5, 100


async def main() -> None:
    async with AsyncExitStack() as stack:
        for name, kind in (("SQLite", databases.sqlite), ("PostgreSQL", databases.postgres)):
            database = await stack.enter_async_context(databases.opened(await stack.enter_async_context(kind())))
            await database.write(fill)
            numbers = count()
            alone = 0.0
            for callers in CALLERS:
                rate = median([await closures_a_second(database, callers, numbers) for _ in range(ROUNDS)])
                alone = alone or rate
                print(
                    f"  {name:12} {callers:3} callers: {rate:6.0f}/s, {rate / alone:.1f} times one caller", flush=True
                )


def fill(conn: Connection) -> None:
    empty = [{"account": f"a{i}", "currency": "KES", "in_minor": 0, "out_minor": 0} for i in range(ACCOUNTS)]
    conn.execute(insert(balances), empty)


async def closures_a_second(database: Database, callers: int, numbers: "count[int]") -> float:
    begun, done = time.perf_counter(), 0

    async def call() -> None:
        nonlocal done
        while time.perf_counter() < begun + SECONDS:
            await database.write(partial(closure, n=next(numbers)))
            done += 1

    await asyncio.gather(*[call() for _ in range(callers)])
    return done / (time.perf_counter() - begun)


def closure(conn: Connection, n: int) -> None:
    row = {"cause": f"c{n}", "account": "a", "currency": "KES", "minor": 1, "posted_at": EPOCH}
    conn.execute(insert(postings).values(row))
    grown = update(balances).where(balances.c.account == f"a{n % ACCOUNTS}")
    conn.execute(grown.values(in_minor=balances.c.in_minor + 1))
