"""Each part of the outside is as its latest call went, from the moment when that changed."""

import asyncio
from datetime import timedelta

import pytest

from mpesa.wire import Answer, Lost, NotSent, Reply
from tests.fakes import FakeClock
from trustvoice.watching import probe
from trustvoice.watching.calls import mpesa_observer, telegram_observer
from trustvoice.watching.health import Health
from trustvoice.watching.meters import Meters
from trustvoice.watching.probe import Probe


def test_the_latest_call_decides_and_the_moment_is_that_of_the_change() -> None:
    clock = FakeClock()
    health = Health("mpesa", clock)
    assert (health.is_well, health.since) == (True, None)
    health.failed("no answer")
    away_since = health.since
    clock.forward(minutes=5)
    health.failed(TimeoutError())
    assert (health.is_well, health.since) == (False, away_since)
    health.worked()
    assert health.is_well
    assert health.since
    assert away_since
    assert health.since - away_since > timedelta(minutes=5)


def test_an_outage_is_logged_once_and_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    health = Health("mpesa", FakeClock())
    for _ in range(3):
        health.failed("no answer")
    for _ in range(3):
        health.worked()
    assert caplog.messages == ["mpesa is out of reach: no answer", "mpesa answers again"]


GATEWAY = Answer(503)
WORDED = Answer(500, {"errorCode": "500.001.1001", "errorMessage": "The transaction is being processed"})


@pytest.mark.parametrize(
    ("operation", "reply", "well"),
    [
        ("stk_push", Answer(200), True),
        ("stk_push", Answer(400, {"errorCode": "400.002.02"}), True),
        ("stk_query", WORDED, True),
        ("stk_push", GATEWAY, False),
        ("b2c", Lost("ReadTimeout"), False),
        ("token", NotSent("ConnectError"), False),
        ("token", Answer(400), False),
    ],
)
def test_mpesa_is_reached_when_it_answers_in_its_own_words(operation: str, reply: Reply, well: bool) -> None:
    health = Health("mpesa", FakeClock(), well_at_first=not well)
    mpesa_observer(health, Meters())(operation, reply, 0.1)
    assert health.is_well is well


@pytest.mark.parametrize(
    ("status", "well"), [(200, True), (400, True), (403, True), (429, True), (None, False), (502, False), (401, False)]
)
def test_telegram_is_reached_when_it_answers_our_bot(status: int | None, well: bool) -> None:
    health = Health("telegram", FakeClock(), well_at_first=not well)
    telegram_observer(health, Meters())("sendMessage", status, 0.1)
    assert health.is_well is well


async def test_what_is_away_is_asked_until_it_answers_and_then_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "EVERY", timedelta())
    health, asked, answered = Health("mpesa", FakeClock()), 0, asyncio.Event()

    async def reach() -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise LookupError
        if asked < 3:
            health.failed("no answer")
        else:
            health.worked()
            answered.set()

    task = asyncio.create_task(Probe(health, reach).forever())
    async with asyncio.timeout(5):
        await answered.wait()
    for _ in range(20):
        await asyncio.sleep(0)
    task.cancel()
    assert (asked, health.is_well) == (3, True)
