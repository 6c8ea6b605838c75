"""What a callback costs where many donations were settled before, against where hardly any were (SQLite).

STORED=1000000 stores a million; 300,000 unless told otherwise.
"""

import os
from contextlib import AsyncExitStack
from statistics import median

from benchmarks import databases
from benchmarks.contender import Contender, trustvoice
from benchmarks.history import settle_long_ago

FEW, MANY = 1_000, int(os.environ.get("STORED", "300000"))
CONNECTIONS, WARM_UP, ROUNDS, PER_ROUND = 256, 2_000, 5, 3_000


async def main() -> None:
    async with AsyncExitStack() as stack:
        few, many = [await stored(stack, count) for count in (FEW, MANY)]
        costs = [
            await few.rate(CONNECTIONS, PER_ROUND) / await many.rate(CONNECTIONS, PER_ROUND) for _ in range(ROUNDS)
        ]
        print(f"  with {MANY:,} donations stored a callback costs {median(costs):.2f} times what it does with {FEW:,}")
        for contender in (few, many):
            await contender.check()


async def stored(stack: AsyncExitStack, count: int) -> Contender:
    url = await stack.enter_async_context(databases.sqlite())
    async with databases.opened(url) as database:
        await settle_long_ago(database, count)
    contender = await trustvoice(stack, "SQLite", url, WARM_UP + ROUNDS * PER_ROUND, settled=count)
    await contender.rate(CONNECTIONS, WARM_UP)
    return contender
