"""Strangers who attack the running program keep no callback out and fill no memory. STRANGERS=all: as many as it takes.

Without it the numbers are small.
"""

import asyncio
import os

import pytest

from standins.shapes import Behaviour
from tests.e2e.house import House, on_sqlite
from tests.e2e.strangers import Strangers
from tests.fakes import callback

pytestmark = [pytest.mark.asyncio(loop_scope="package"), on_sqlite]
ALL = os.environ.get("STRANGERS") == "all"
BOMBS, IDLE, SLOW, CALLBACKS = (300, 1_100, 1_000, 200) if ALL else (40, 60, 40, 20)
WITHIN_S = 0.1 if ALL else 1.0  # other tests may run beside the short one
GROWTH_KB = 20_000


@pytest.fixture
def strangers(house: House) -> Strangers:
    assert house.rehearsal.process
    return Strangers(house.rehearsal.server_port, house.rehearsal.process.pid)


async def test_bombs_are_refused_packed_as_they_are(strangers: Strangers) -> None:
    await strangers.throw_bombs(20)  # what is needed once
    before = strangers.memory_kb()
    statuses = await strangers.throw_bombs(BOMBS)
    grown = strangers.memory_kb() - before
    print(f"{BOMBS} bombs: {sorted(statuses)}, memory grew by {grown / 1000:.1f} MB")  # noqa: T201 a figure to report
    assert statuses <= {415, 401, 403}  # without a key, or the secret of Telegram, it is not even looked at
    assert grown < GROWTH_KB


async def test_who_hangs_about_keeps_no_callback_waiting(house: House, strangers: Strangers) -> None:
    donor, silent = await house.donor(), asyncio.create_task(strangers.say_nothing())
    async with strangers.hanging_about(IDLE, SLOW):
        said = [callback(f"ws_CO_{n}") for n in range(CALLBACKS)]
        answers = [await strangers.post(f"/webhooks/daraja/{'0' * 64}", body) for body in said]
        took = sorted(seconds for _, seconds in answers)
        slowest, median = took[-1], took[len(took) // 2]
        print(f"{IDLE} idle, {SLOW} slow: median {median * 1000:.1f} ms, slowest {slowest * 1000:.1f} ms")  # noqa: T201
        assert {status for status, _ in answers} == {200}
        assert slowest < WITHIN_S
        await donor.gives(house.slug, Behaviour(do="pay"))
        await donor.reads((await donor.paid()).receipt)
    assert 9 < await silent < 15
