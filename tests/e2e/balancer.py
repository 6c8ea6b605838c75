"""A load balancer as small as one can be: in turn, and to the next where one does not take it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle

import aiohttp
from aiohttp import web

ANSWERS_WITHIN_S = 3.0
GATEWAY_FAILED = 502


class Balancer:
    def __init__(self, http: aiohttp.ClientSession, servers: Sequence[str]):
        self._http, self._servers, self._turns = http, servers, cycle(servers)

    async def pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        for _ in self._servers:
            server = next(self._turns)
            try:
                return await self._ask(server, request, body)
            except aiohttp.ClientConnectorError:
                continue
            except (aiohttp.ClientError, TimeoutError):
                if not may_repeat(request):
                    break
        return web.Response(status=GATEWAY_FAILED)

    async def _ask(self, server: str, request: web.Request, body: bytes) -> web.Response:
        patience = aiohttp.ClientTimeout(total=ANSWERS_WITHIN_S)
        headers = {name: value for name, value in request.headers.items() if name != "Content-Length"}
        asked = self._http.request(
            request.method, f"{server}{request.rel_url}", data=body, headers=headers, timeout=patience
        )
        async with asked as answer:
            return web.Response(status=answer.status, body=await answer.read())


def may_repeat(request: web.Request) -> bool:
    """What came to a server that did not answer may have been done."""
    return request.path.startswith("/webhooks/") or "Idempotency-Key" in request.headers


@asynccontextmanager
async def balancing(port: int, servers: Sequence[str]) -> AsyncIterator[None]:
    app = web.Application()
    async with aiohttp.ClientSession() as http:
        app.router.add_route("*", "/{path:.*}", Balancer(http, servers).pass_on)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            yield
        finally:
            await runner.cleanup()
