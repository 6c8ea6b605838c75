"""Our side of a webhook: keeps what arrives, and answers as told."""

import asyncio
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Receiver:
    """`statuses` are answered in turn, then 200."""

    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self._news = asyncio.Event()
        app = web.Application()
        app.router.add_post("/{path:.*}", self._take)
        self._server = TestServer(app)
        await self._server.start_server()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.close()

    @property
    def url(self) -> str:
        return str(self._server.make_url("/hooks/daraja/7f3a"))

    @property
    def results(self) -> list[int]:
        return [each.body["Body"]["stkCallback"]["ResultCode"] for each in self.received]

    @property
    def codes(self) -> list[Any]:
        """Of results, in the order they came."""
        return [each.body["Result"]["ResultCode"] for each in self.received]

    async def wait_for(self, count: int, timeout_s: float = 5.0) -> list[Received]:
        async with asyncio.timeout(timeout_s):
            while len(self.received) < count:
                self._news.clear()
                await self._news.wait()
        return self.received

    async def _take(self, request: web.Request) -> web.Response:
        self.received.append(Received(request.path, dict(request.headers), await request.json()))
        self._news.set()
        return web.json_response({"ResultCode": 0}, status=self.statuses.pop(0) if self.statuses else 200)
