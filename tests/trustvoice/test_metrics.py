"""What was counted and how the house stands, as Prometheus reads it."""

import time
from pathlib import Path

import pytest

from mpesa.wire import Answer, Lost, NotSent, Reply
from tests.databases import opened
from tests.fakes import FakeClock, callback
from tests.fundraising.house import House
from trustvoice.watching.health import Health
from trustvoice.watching.meters import Meters
from trustvoice.watching.metrics_page import MetricsPage

STILL_PROCESSING: dict[str, object] = {
    "errorCode": "500.001.1001",
    "errorMessage": "The transaction is being processed",
}


def value(meters: Meters, name: str, **labels: str) -> float:
    return meters.registry.get_sample_value(name, labels) or 0.0


def test_callbacks_are_counted_by_kind_and_outcome() -> None:
    meters = Meters()
    for seconds in (0.002, 0.3):
        meters.callback("stk", "taken", seconds)
    meters.callback("b2c/result", "not_stored", 0.1)
    assert value(meters, "trustvoice_callbacks_total", kind="stk", outcome="taken") == 2
    assert value(meters, "trustvoice_callbacks_total", kind="b2c/result", outcome="not_stored") == 1
    assert value(meters, "trustvoice_callback_seconds_bucket", kind="stk", le="0.005") == 1


def test_counting_a_callback_costs_a_few_microseconds() -> None:
    meters, times = Meters(), 20_000
    started = time.perf_counter()
    for _ in range(times):
        meters.callback("stk", "taken", 0.002)
    assert (time.perf_counter() - started) / times < 50e-6  # 3 µs on a quiet machine


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Answer(200), "succeeded"),
        (Answer(400, {"errorCode": "400.002.02"}), "failed"),
        (Answer(500, {"errorCode": "500.003.02", "errorMessage": "Spike arrest violation"}), "failed"),
        (Answer(500, STILL_PROCESSING), "unknown"),
        (Answer(502), "unknown"),
        (Lost("ReadTimeout"), "unknown"),
        (NotSent("ConnectError"), "failed"),
    ],
)
def test_a_call_whose_effect_nobody_knows_is_counted_as_unknown(reply: Reply, outcome: str) -> None:
    meters = Meters()
    meters.mpesa_call("stk_push", reply, 0.2)
    assert value(meters, "trustvoice_mpesa_calls_total", operation="stk_push", outcome=outcome) == 1


def test_telegram_that_asks_for_patience_is_counted_apart() -> None:
    meters = Meters()
    for status in (200, 429, None, 403):
        meters.telegram_call("sendMessage", status, 0.1)
    counted = [
        value(meters, "trustvoice_telegram_calls_total", method="sendMessage", result=result)
        for result in ("ok", "too_many", "no_answer", "403")
    ]
    assert counted == [1, 1, 1, 1]


async def test_the_page_tells_how_the_house_stands(tmp_path: Path) -> None:
    async with opened("inline", tmp_path) as database:
        house = await House(database).open()
        await house.give(500)
        await house.hear(callback())
        away = Health("mpesa", FakeClock())
        away.failed("no answer")
        page = MetricsPage(Meters(), house.use_cases.gauges, {"mpesa": away}, lambda: 3)
        text = (await page.render()).decode()
    for line in (
        'trustvoice_balance_minor_units{account="campaign",currency="KES"} 50000.0',
        'trustvoice_balance_minor_units{account="suspense",currency="KES"} 0.0',
        'trustvoice_donations_undecided{age="0-10m"} 0.0',
        'trustvoice_jobs_waiting{kind="TellDonor",lane="telegram"} 1.0',
        "trustvoice_sending_frozen 0.0",
        'trustvoice_part_up{part="mpesa"} 0.0',
        "trustvoice_callbacks_spooled_total 3.0",
    ):
        assert line in text.splitlines()
    assert "trustvoice_build_info" in text


async def test_without_a_database_what_was_counted_is_told_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened("inline", tmp_path) as database:
        house = await House(database).open()

        async def away(_fn: object) -> None:
            raise OSError("connection refused")

        monkeypatch.setattr(database, "read", away)
        meters = Meters()
        meters.callback("stk", "not_stored", 5)
        text = (await MetricsPage(meters, house.use_cases.gauges, {}).render()).decode()
    assert 'trustvoice_callbacks_total{kind="stk",outcome="not_stored"} 1.0' in text
    assert "trustvoice_sending_frozen" not in text


def test_two_programs_count_apart() -> None:
    one, other = Meters(), Meters()
    one.callback("stk", "taken", 0.1)
    assert value(other, "trustvoice_callbacks_total", kind="stk", outcome="taken") == 0
