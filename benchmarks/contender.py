"""A server under load, and what must be in its books when it is over."""

from benchmarks import databases
from benchmarks.load import Report
from benchmarks.processes import send
from benchmarks.stock import add_pending


class Contender:
    """A running server, and, if it has a database, the donations in it that wait for their callbacks."""

    def __init__(self, name: str, port: int, url: str | None = None, settled: int = 0):
        self.name, self._port, self._url, self._settled = name, port, url, settled

    async def take(self, connections: int, count: int, rate: int = 0) -> Report:
        """The report on the callbacks of `count` new donations."""
        numbers = range(self._settled + 1, self._settled + count + 1)
        self._settled += count
        if self._url:
            async with databases.opened(self._url) as database:
                await add_pending(database, numbers)
        return await send(self._port, connections, numbers, rate)

    async def rate(self, connections: int, count: int) -> float:
        """Callbacks a second."""
        return count / (await self.take(connections, count)).seconds

    async def check(self) -> None:
        if self._url:
            await databases.check(self._url, self._settled)
