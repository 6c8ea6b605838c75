"""Calling the control API, and waiting until something is as it should be."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self, TypeVar

import aiohttp
import msgspec

from standins.shapes import Event, encoded

T = TypeVar("T")


class NotPossible(Exception):
    """The stand-in refused, and says why: no such button, no such prompt."""


class DidNotHappen(AssertionError):
    """What was waited for did not come; the message tells what was there instead."""


class EventPage(msgspec.Struct):
    last: int
    events: list[Event]


class ControlClient:
    """Waits end by `timeout_s` or DidNotHappen."""

    def __init__(self, url: str, timeout_s: float = 10.0) -> None:
        self.url = url.rstrip("/")
        self.timeout_s = timeout_s
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def mark(self) -> int:
        """The number of the last event, to wait for something newer."""
        return (await self._events(0, 0)).last

    async def events(self, after: int = 0) -> list[Event]:
        return (await self._events(after, 0)).events

    async def wait_for_event(self, kind: str, since: int = 0, timeout_s: float | None = None) -> Event:
        async def look() -> Event | None:
            return next((event for event in await self.events(since) if event.kind == kind), None)

        return await self._wait(look, timeout_s, f"no event {kind!r}", self._last_events)

    async def download(self, path: str) -> bytes:
        """The bytes of a photo or document, by the `url` in its message."""
        async with self._open().get(f"{self.url}{path}") as response:
            response.raise_for_status()
            return await response.read()

    async def _wait(
        self,
        look: Callable[[], Awaitable[T | None]],
        timeout_s: float | None,
        complaint: str,
        seen: Callable[[], Awaitable[str]],
    ) -> T:
        """Looks again whenever something happens."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + (self.timeout_s if timeout_s is None else timeout_s)
        n = await self.mark()
        while (found := await look()) is None:
            left = deadline - loop.time()
            if left <= 0:
                raise DidNotHappen(f"{complaint}; there is {await seen()}")
            n = (await self._events(n, min(left, 5.0))).last
        return found

    async def _last_events(self) -> str:
        return repr([(event.kind, event.data) for event in (await self.events())[-5:]])

    async def _events(self, after: int, timeout_s: float) -> EventPage:
        return await self._get(f"events?after={after}&timeout={timeout_s}", EventPage)

    async def _get(self, path: str, shape: type[T]) -> T:
        async with self._open().get(f"{self.url}/control/{path}") as response:
            return msgspec.json.decode(await self._checked(response), type=shape)

    async def _post(self, path: str, body: object) -> bytes:
        async with self._open().post(f"{self.url}/control/{path}", data=encoded(body)) as response:
            return await self._checked(response)

    async def _checked(self, response: aiohttp.ClientResponse) -> bytes:
        if response.status != 200:
            raise NotPossible(await response.text())
        return await response.read()

    def _open(self) -> aiohttp.ClientSession:
        assert self._session, "use `async with`"
        return self._session
