"""What was set aside through a fault of ours is weighed again once the fault is mended, and booked once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from fundraising.ledger import posting
from fundraising.paying.settlement import PayoutSettlement
from storage.tables import evidence
from tests.databases import opened
from tests.fakes import callback
from tests.fundraising.house import House
from tests.fundraising.treasury import Treasury


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened("inline", tmp_path) as database:
        yield await House(database).open()


@pytest.fixture
async def fault(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[pytest.MonkeyPatch]:
    """Nothing can be booked until it is undone."""

    def post(_conn: Connection, transfers: Sequence[posting.Transfer], _now: datetime) -> None:
        if transfers:
            raise ValueError("a fault of ours")

    with monkeypatch.context() as patched:
        patched.setattr(posting, "post", post)
        yield patched


async def test_a_stuck_donation_is_credited_once_when_the_fault_is_mended(
    house: House, fault: pytest.MonkeyPatch
) -> None:
    await house.give(500)
    await house.hear(callback())
    await house.work()
    settle_stuck = house.use_cases.intake.settle_stuck
    assert await settle_stuck() == (0, 1)
    assert await house.held("campaign:1") == 0
    fault.undo()
    assert await settle_stuck() == (1, 0)
    assert await settle_stuck() == (0, 0)
    assert await house.held("campaign:1") == 500
    assert "completed" in await house.told()
    assert "stuck" not in await house.verdicts()


async def test_what_became_of_it_meanwhile_is_not_booked_again(house: House, fault: pytest.MonkeyPatch) -> None:
    await house.give(500)
    await house.hear(callback())
    await house.work()
    fault.undo()
    await house.hear(callback(receipt="TKM1AAAAAA") + b" ")  # told once more, in other bytes
    assert await house.held("campaign:1") == 500
    assert await house.use_cases.intake.settle_stuck() == (1, 0)
    assert await house.held("campaign:1") == 500


async def test_a_stuck_payout_result_is_booked_once_and_sending_stays_frozen(
    treasury: Treasury, monkeypatch: pytest.MonkeyPatch
) -> None:
    await treasury.send(1000)
    settle_stuck = treasury.house.use_cases.intake.settle_stuck

    def broken(*_: object) -> None:
        raise ValueError("a fault of ours")

    with monkeypatch.context() as patched:
        patched.setattr(PayoutSettlement, "_book_payment", broken)
        await treasury.result()
        assert await settle_stuck() == (0, 1)
    assert await treasury.held() == (50_000, 1000)
    assert await settle_stuck() == (1, 0)
    assert await settle_stuck() == (0, 0)
    assert await treasury.held() == (49_000, 0)
    assert (await treasury.payout()).receipt == "TKB1AAAAAA"
    verdicts = select(evidence.c.verdict).where(evidence.c.payment_kind == "attempt")
    assert await treasury.house.database.read(lambda conn: list(conn.scalars(verdicts))) == ["paid"]
    assert await treasury.frozen()


async def test_two_people_at_the_command_at_once_book_it_once(
    treasury: Treasury, monkeypatch: pytest.MonkeyPatch
) -> None:
    await treasury.send(1000)

    def broken(*_: object) -> None:
        raise ValueError("a fault of ours")

    with monkeypatch.context() as patched:
        patched.setattr(PayoutSettlement, "_fail", broken)
        await treasury.result(1)
    settle = treasury.house.use_cases.intake.settle_stuck
    await asyncio.gather(settle(), settle())
    assert await treasury.held() == (50_000, 0)
    assert await settle() == (0, 0)
