"""STK callbacks over HTTP: received, durably stored, fully settled. Nobody is written to."""

from contextlib import AsyncExitStack
from statistics import median

from benchmarks import databases
from benchmarks.contender import Contender, parser, trustvoice

CONNECTIONS, WARM_UP, ROUNDS, PER_ROUND = (64, 256), 1_000, 3, 10_000
STEADY_RATE, STEADY = 500, 2_500
WAITING = WARM_UP + len(CONNECTIONS) * ROUNDS * PER_ROUND + STEADY


async def main() -> None:
    async with AsyncExitStack() as stack:
        stores = [
            await trustvoice(stack, name, await stack.enter_async_context(database()), WAITING)
            for name, database in (("SQLite", databases.sqlite), ("PostgreSQL", databases.postgres))
        ]
        contenders = [await parser(stack), *stores]
        for contender in contenders:
            await contender.rate(64, WARM_UP)
        for connections in CONNECTIONS:
            await compare(contenders, connections)
        for store in stores:
            report = await store.take(64, STEADY, STEADY_RATE)
            answered = f"p50 {report.p50_ms:.1f} ms, p99 {report.p99_ms:.1f} ms"
            print(f"  {store.name:12} at {STEADY_RATE}/s: answered in {answered}", flush=True)
            await store.check()


async def compare(contenders: list[Contender], connections: int) -> None:
    """In turns, so that what else the machine does hits all alike."""
    rounds = [[await contender.rate(connections, PER_ROUND) for contender in contenders] for _ in range(ROUNDS)]
    for nth, contender in enumerate(contenders):
        rate = median(rates[nth] for rates in rounds)
        share = median(rates[nth] / rates[0] for rates in rounds)
        print(
            f"  {contender.name:12} {connections:3} connections: {rate:6.0f}/s, {share:.2f} of parsing only", flush=True
        )
