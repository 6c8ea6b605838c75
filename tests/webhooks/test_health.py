"""Alive is one thing, able to take callbacks another, and Telegram's outage is neither."""

from datetime import UTC, datetime

from aiohttp.test_utils import TestClient, TestServer

import webhooks.app
from tests.webhooks.conftest import SECRET, Door
from webhooks.health import WHOSE
from webhooks.keys import BOOKS, Readiness, TelegramInbox


async def test_a_process_that_answers_is_alive_whatever_else_is_out(door: Door) -> None:
    door.break_storage()
    door.telegram_is_well = False
    assert await door.get("/healthz") == (200, {"status": "ok"})


async def test_it_says_whose_books_it_keeps_when_it_knows(door: Door) -> None:
    assert WHOSE not in (await door.client.get("/healthz")).headers
    app = webhooks.app.build(door.house.use_cases, TelegramInbox(SECRET, door.store), Readiness(door.can_store, {}))
    app[BOOKS] = "0123456789abcdef"
    async with TestClient(TestServer(app)) as client:
        for path in ("/healthz", "/readyz"):
            assert (await client.get(path)).headers[WHOSE] == "0123456789abcdef"


async def test_it_is_ready_when_everything_is_well(door: Door) -> None:
    assert await door.get("/readyz") == (200, {"status": "ready", "storage": "ok", "telegram": "ok"})


async def test_an_outage_of_telegram_is_named_but_callbacks_can_be_taken(door: Door) -> None:
    door.telegram_is_well = False
    assert await door.get("/readyz") == (200, {"status": "ready", "storage": "ok", "telegram": "out of reach"})


async def test_it_is_not_ready_when_callbacks_cannot_be_stored(door: Door) -> None:
    door.break_storage()
    status, body = await door.get("/readyz")
    assert (status, body["status"], body["storage"]) == (503, "not ready", "out of reach")


async def test_what_is_out_of_reach_is_named_with_the_moment_since_when(door: Door) -> None:
    away_since = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    door.moments["telegram"] = away_since
    assert "since" not in (await door.get("/readyz"))[1]
    door.telegram_is_well = False
    status, body = await door.get("/readyz")
    assert (status, body["telegram"], body["since"]) == (200, "out of reach", {"telegram": away_since.isoformat()})
