"""/metrics: for whoever has a viewer's key, also while the database is away; each callback is counted once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

import webhooks.app
from fundraising.people.api_keys import KeyRole
from fundraising.people.roles import Role
from tests.databases import opened
from tests.fakes import callback
from tests.fundraising.house import House
from webhooks.keys import Metrics, Readiness, TelegramInbox

KEY = "tv_prometheus"


@dataclass
class Watched:
    house: House
    client: Any = None
    counted: list[tuple[str, str]] = field(default_factory=list)

    async def render(self) -> bytes:
        return b"up_and_running 1\n"

    def count(self, kind: str, outcome: str, seconds: float) -> None:
        assert 0 <= seconds < 30
        self.counted.append((kind, outcome))

    async def page(self, key: str | None = KEY) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with self.client.get("/metrics", headers=headers) as answer:
            return answer.status, await answer.text()


async def refuse(*_: object) -> None:
    raise OSError("connection refused")


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    async with opened("inline", tmp_path) as database:
        watched = Watched(await House(database).open())
        await watched.house.use_cases.api_keys.create(KEY, "prometheus", KeyRole.VIEWER)

        async def can_store() -> bool:
            return True

        app = webhooks.app.build(
            watched.house.use_cases,
            TelegramInbox("secret", refuse),
            Readiness(can_store, {}),
            metrics=Metrics(watched.render, watched.count),
        )
        async with TestClient(TestServer(app), cookie_jar=aiohttp.DummyCookieJar()) as client:
            watched.client = client
            yield watched


async def test_a_viewers_key_opens_it(watched: Watched) -> None:
    assert await watched.page() == (200, "up_and_running 1\n")


@pytest.mark.parametrize("key", [None, "tv_wrong", KEY.upper()])
async def test_without_a_key_it_stays_shut(watched: Watched, key: str | None) -> None:
    status, body = await watched.page(key)
    assert status == 401
    assert "up_and_running" not in body


async def test_while_the_database_is_away_it_is_told_to_nobody_who_was_shut_out_meanwhile(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await watched.page())[0] == 200
    await watched.house.use_cases.staff.remove(1, Role.VIEWER, by=None)
    assert (await watched.page())[0] == 403
    monkeypatch.setattr(watched.house.database, "read", refuse)
    assert (await watched.page())[0] == 503


async def test_while_the_database_is_away_it_is_told_to_whom_it_was_told_before(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await watched.page())[0] == 200
    monkeypatch.setattr(watched.house.database, "read", refuse)
    assert (await watched.page())[0] == 200
    assert (await watched.page("tv_somebody_else"))[0] == 503


async def test_a_key_that_was_taken_back_opens_nothing_more(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await watched.page())[0] == 200
    [key] = await watched.house.use_cases.api_keys.all()
    await watched.house.use_cases.api_keys.revoke(key.id)
    assert (await watched.page())[0] == 401
    monkeypatch.setattr(watched.house.database, "read", refuse)
    assert (await watched.page())[0] == 503


async def test_callbacks_are_counted_by_what_became_of_them(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, body in (("", callback()), ("/b2c/result", b"{}"), ("", b"no JSON"), ("", b"x" * 70_000)):
        await watched.client.post(f"/webhooks/mpesa{path}", data=body)
    monkeypatch.setattr(watched.house.database, "write", refuse)
    await watched.client.post(f"/webhooks/daraja/{'f' * 64}", data=callback())
    assert watched.counted == [
        ("stk", "taken"), ("b2c/result", "taken"), ("stk", "refused"), ("stk", "refused"), ("stk", "not_stored"),
    ]  # fmt: skip
