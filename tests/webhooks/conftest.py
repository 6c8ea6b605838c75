from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

import webhooks.app
from tests.databases import opened
from tests.fundraising.house import House
from webhooks.keys import Readiness, TelegramInbox

SECRET = "only Telegram knows this"


@dataclass
class Door:
    """The house, reached over HTTP as Safaricom, Telegram and a supervisor reach it."""

    house: House
    patch: pytest.MonkeyPatch
    client: Any = None
    updates: list[dict[str, Any]] = field(default_factory=list)
    storage_is_well: bool = True
    telegram_is_well: bool = True
    moments: dict[str, datetime] = field(default_factory=dict)  # when a part became what it is

    async def store(self, updates: list[dict[str, Any]]) -> None:
        if not self.storage_is_well:
            raise OSError("disk full")
        self.updates += updates

    async def can_store(self) -> bool:
        return self.storage_is_well

    async def post(self, path: str, body: bytes, **headers: str) -> tuple[int, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.post(path, data=body, headers=named) as answer:
            return answer.status, await answer.read()

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.client.get(path) as answer:
            return answer.status, await answer.json()

    def break_storage(self) -> None:
        async def refuse(_fn: object) -> None:
            raise OSError("disk full")

        self.storage_is_well = False
        self.patch.setattr(self.house.database, "write", refuse)


@pytest.fixture
async def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    async with opened("inline", tmp_path) as database:
        door = Door(await House(database).open(), monkeypatch)
        readiness = Readiness(door.can_store, {"telegram": lambda: door.telegram_is_well}, door.moments.get)
        app = webhooks.app.build(door.house.use_cases, TelegramInbox(SECRET, door.store), readiness)
        server = TestServer(app)
        await server.start_server(auto_decompress=False)  # as `trustvoice run` has it
        async with TestClient(server, cookie_jar=aiohttp.DummyCookieJar()) as client:
            door.client = client
            yield door
