import asyncio
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

import webhooks.app
from fundraising.people.api_keys import KeyRole
from storage.inline import InlineDatabase
from tests.databases import opened
from tests.fakes import b2c_result, callback
from tests.fundraising.house import House
from webhooks.keys import Readiness, TelegramInbox

DONATION = {
    "donor_id": 1,
    "campaign_id": 1,
    "amount": 1000,
    "currency": "KES",
    "payment_method": "mpesa",
    "phone_number": "254708374149",
}
PAYOUT = {
    "campaign_id": 1,
    "recipient_phone": "254712345678",
    "recipient_name": "Akinyi Otieno",
    "amount": 1000,
    "currency": "KES",
    "purpose": "Pipes",
    "remarks": "Pipes for Turkana",
}

OWNERS = (9001, 9002)


@dataclass
class Said:
    status: int
    body: Any
    headers: Any
    raw: bytes

    @property
    def code(self) -> str:
        assert self.headers["Content-Type"] == "application/problem+json"
        return str(self.body["code"])


@dataclass
class Api:
    """The house as other programs reach it, with keys of two people: `one` and `two`, who may ask and approve."""

    house: House
    client: Any = None

    async def open(self) -> "Api":
        for name in ("one", "two"):
            await self.key(name, KeyRole.ADMIN)
        return self

    async def key(self, name: str, role: KeyRole, person: int | None = None, life: timedelta | None = None) -> int:
        return (await self.house.use_cases.api_keys.create(f"tv_{name}", name, role, person, life)).id

    async def ask(self, method: str, path: str, by: str | None = "one", again: str | None = None, **sent: Any) -> Said:
        headers = dict(sent.pop("headers", {}))
        headers |= {"Authorization": f"Bearer tv_{by}"} if by else {}
        headers |= {"Idempotency-Key": again} if again else {}
        async with self.client.request(method, path, headers=headers, **sent) as answer:
            raw = await answer.read()
            is_json = answer.content_type.endswith("json")
            return Said(answer.status, await answer.json(content_type=None) if is_json else None, answer.headers, raw)

    async def get(self, path: str, by: str | None = "one") -> Said:
        return await self.ask("GET", path, by)

    async def post(self, path: str, body: Any = None, by: str | None = "one", again: str | None = None) -> Said:
        return await self.ask("POST", path, by, again, **({} if body is None else {"json": body}))

    async def fill(self, shillings: int = 50_000) -> None:
        """A gift arrives; and there are two owners, without whom nothing is sent."""
        await self.house.use_cases.staff.name_first_owners(OWNERS)
        await self.house.give(shillings)
        await self.house.hear(callback(shillings=shillings))

    async def result(self, code: int | str = 0, name: str | None = None) -> None:
        """M-Pesa's word on the payout that was sent last."""
        await self.house.work()
        sent = self.house.payouts.sent[-1]
        body = b2c_result(sent.originator_id, code, sent.shillings, name=name)
        await self.house.use_cases.paying.mailbox.payment_result(self.house.payouts.token(), body)

    async def stored(self) -> int:
        """How many payouts there are."""
        return len(await self.house.use_cases.paying.requests.list(limit=1000))


@asynccontextmanager
async def api_on(house: House) -> AsyncIterator[Api]:
    """After every test the books must hold."""
    api = Api(house)

    async def well() -> bool:
        return True

    async def store(_updates: list[dict[str, Any]]) -> None: ...

    app = webhooks.app.build(api.house.use_cases, TelegramInbox("secret", store), Readiness(well, {}))
    server = TestServer(app)
    await server.start_server(auto_decompress=False)  # as `trustvoice run` has it
    async with TestClient(server, cookie_jar=aiohttp.DummyCookieJar()) as client:
        api.client = client
        yield api
    assert await api.house.use_cases.self_check.problems() == []


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with its two keys: copying it takes a tenth of the time of opening one."""
    folder = tmp_path_factory.mktemp("template")

    async def make() -> None:
        async with opened("inline", folder) as database:
            await Api(await House(database).open()).open()

    with ThreadPoolExecutor(1) as elsewhere:  # the caller's thread may be inside an event loop
        elsewhere.submit(asyncio.run, make()).result()
    return folder / "test.db"


@pytest.fixture
async def api(template: Path, tmp_path: Path) -> AsyncIterator[Api]:
    copy = tmp_path / "test.db"
    shutil.copy(template, copy)
    database = InlineDatabase(copy)
    async with api_on(House(database)) as api:
        yield api
    await database.close()


@pytest.fixture(params=["sqlite", "postgres"])
async def api_of_many(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Api]:
    """On the databases that serve many at once."""
    postgres = request.getfixturevalue("postgres") if request.param == "postgres" else None
    async with opened(request.param, tmp_path, postgres) as database, api_on(await House(database).open()) as api:
        yield await api.open()
