"""STK callbacks over HTTP: received, durably stored, fully settled. Nobody is written to."""

from contextlib import AsyncExitStack
from statistics import median

from benchmarks import databases
from benchmarks.load import Report
from benchmarks.processes import send, server
from benchmarks.stock import add_pending

CONNECTIONS, ROUNDS, PER_ROUND = (64, 256), 3, 12_000
STEADY_RATE, STEADY_SECONDS = 500, 5


class Contender:
    """A running server, and, if it has a database, the donations in it that wait for their callbacks."""

    def __init__(self, name: str, port: int, url: str | None = None):
        self.name, self._port, self._url = name, port, url
        self._sent = 0

    async def take(self, connections: int, count: int, rate: int = 0) -> Report:
        numbers = range(self._sent + 1, self._sent + count + 1)
        self._sent += count
        if self._url:
            async with databases.opened(self._url) as database:
                await add_pending(database, numbers)
        return await send(self._port, connections, numbers, rate)

    async def check(self) -> None:
        if self._url:
            await databases.check(self._url, self._sent)


async def main() -> None:
    async with AsyncExitStack() as stack:
        contenders = [Contender("parsing only", await stack.enter_async_context(server()))]
        for name, database in (("SQLite", databases.sqlite), ("PostgreSQL", databases.postgres)):
            url = await stack.enter_async_context(database())
            contenders.append(Contender(name, await stack.enter_async_context(server(url)), url))
        for contender in contenders:
            await contender.take(64, 1_000)  # warm
        for connections in CONNECTIONS:
            await compare(contenders, connections)
        for contender in contenders[1:]:
            report = await contender.take(64, STEADY_RATE * STEADY_SECONDS, STEADY_RATE)
            print(f"  {contender.name:12} at {STEADY_RATE}/s: p50 {report.p50_ms:.1f} ms, p99 {report.p99_ms:.1f} ms")
            await contender.check()


async def compare(contenders: list[Contender], connections: int) -> None:
    """In turns, so that what else the machine does hits all alike."""
    rates: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for _ in range(ROUNDS):
        for contender in contenders:
            report = await contender.take(connections, PER_ROUND)
            rates[contender.name].append(PER_ROUND / report.seconds)
    parsing, *_ = rates.values()
    for name, each in rates.items():
        share = median(rate / bare for rate, bare in zip(each, parsing, strict=True))
        print(f"  {name:12} {connections:3} connections: {median(each):6.0f}/s, {share:.2f} of parsing only", flush=True)
