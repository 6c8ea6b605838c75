"""A server under load, and what must be in its books when it is over."""

from contextlib import AsyncExitStack

from benchmarks import databases
from benchmarks.load import Report
from benchmarks.processes import send, server


class Contender:
    """A running server and, if it has a database, the donations in it: `settled` ones, then those that wait."""

    def __init__(self, name: str, port: int, url: str | None = None, settled: int = 0):
        self.name, self._port, self._url, self._settled = name, port, url, settled

    async def take(self, connections: int, count: int, rate: int = 0) -> Report:
        """The callbacks of the next `count` donations."""
        numbers = range(self._settled + 1, self._settled + count + 1)
        self._settled += count
        return await send(self._port, connections, numbers, rate)

    async def rate(self, connections: int, count: int) -> float:
        """Callbacks a second."""
        return count / (await self.take(connections, count)).seconds

    async def check(self) -> None:
        if self._url:
            await databases.check(self._url, self._settled)


async def parser(stack: AsyncExitStack) -> Contender:
    return Contender("parsing only", await stack.enter_async_context(server()))


async def trustvoice(stack: AsyncExitStack, name: str, url: str, waiting: int, settled: int = 0) -> Contender:
    """Started when its donations are there: SQLite forgets its cache whenever another process writes."""
    await databases.add_pending(url, range(settled + 1, settled + waiting + 1))
    return Contender(name, await stack.enter_async_context(server(url)), url, settled)
