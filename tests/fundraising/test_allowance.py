"""A flood of what is not proven fills no disk; what is proven is kept, whatever floods."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from fundraising.evidence.allowance import MOST_BYTES, MOST_ROWS
from storage.tables import evidence
from tests.databases import opened
from tests.fakes import b2c_result, callback
from tests.fundraising.house import House


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened("inline", tmp_path) as database:
        yield await House(database).open()


async def rows_kept(house: House) -> int:
    count = select(func.count()).select_from(evidence)
    return await house.database.read(lambda conn: conn.scalar(count) or 0)


async def test_of_a_flood_without_tokens_a_part_is_kept_each_minute(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for n in range(MOST_ROWS + 20):
        await house.hear(callback(f"ws_CO_{n}"), token=f"{n:064}")
    assert await rows_kept(house) == MOST_ROWS
    assert "too many" in caplog.text
    house.clock.forward(minutes=1)
    await house.hear(callback("ws_CO_new"), token=None)
    assert await rows_kept(house) == MOST_ROWS + 1


async def test_few_but_large_ones_are_rationed_too(house: House) -> None:
    for n in range(10):
        await house.hear(b'{"n": %d, "filling": "%s"}' % (n, b"x" * (MOST_BYTES // 4)), token=None)
    assert await rows_kept(house) == 3


async def test_amid_a_flood_a_payment_is_booked_and_a_hint_is_asked_about(house: House) -> None:
    await house.give(500)
    for n in range(MOST_ROWS):
        await house.hear(callback(f"ws_CO_other{n}"), token=None)
    await house.hear(callback("ws_CO_1"), token=None)
    assert {"donation_id": 1, "hinted": True} in await house.jobs("AskMpesa")
    await house.hear(callback())
    assert await house.held("campaign:1") == 500
    assert await rows_kept(house) == MOST_ROWS + 1


async def test_a_flood_about_payouts_is_rationed_alike(house: House) -> None:
    for n in range(MOST_ROWS + 20):
        await house.use_cases.paying.mailbox.payment_result(f"{n:064}", b2c_result(f"ORIGINATOR{n}"))
    count = select(func.count()).select_from(evidence)
    assert await house.database.read(lambda conn: conn.scalar(count)) == MOST_ROWS
