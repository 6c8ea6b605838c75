"""An ngrok agent's local API, as far as TrustVoice asks it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass
class Agent:
    answer: Any = field(default_factory=lambda: {"tunnels": []})
    status: int = 200
    asked: int = 0
    url: str = ""

    def leads(self, *addresses: str, to: str) -> None:
        self.answer = {
            "tunnels": [
                {"name": f"t{n}", "uri": f"/api/tunnels/t{n}", "public_url": address, "config": {"addr": to}}
                for n, address in enumerate(addresses)
            ]
        }

    async def tunnels(self, _request: web.Request) -> web.Response:
        self.asked += 1
        return web.json_response(self.answer, status=self.status)


@asynccontextmanager
async def ngrok_agent() -> AsyncIterator[Agent]:
    agent, app = Agent(), web.Application()
    app.router.add_get("/api/tunnels", agent.tunnels)
    async with TestServer(app) as server:
        agent.url = str(server.make_url("")).rstrip("/")
        yield agent
