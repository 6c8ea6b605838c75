"""What is not proven is kept for a while and within bounds; what is proven is kept for ever."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import Connection, func, select

from fundraising.evidence import retention
from storage.tables import evidence
from tests.fakes import callback
from tests.fundraising.house import House

T = TypeVar("T")


async def flood(house: House, count: int, filling: int = 0) -> None:
    for n in range(count):
        body = b'{"n": %d, "at": "%d", "filling": "%s"}' % (n, house.clock().timestamp(), b"x" * filling)
        await house.hear(body, token=None)


async def sizes(house: House) -> list[int]:
    query = select(func.length(evidence.c.body_sealed))
    return await house.database.read(lambda conn: list(conn.scalars(query)))


async def test_what_is_not_proven_is_forgotten_after_thirty_days_and_nothing_else_is(house: House) -> None:
    await house.give(500)
    await house.hear(callback())
    await flood(house, 3)
    await house.wait(days=20)
    await flood(house, 2)
    await house.wait(days=11)
    assert await house.verdicts() == ["credited", "unmatched", "unmatched"]
    await house.wait(days=30)
    assert await house.verdicts() == ["credited"]
    assert await house.jobs("ForgetHints") == []


async def test_a_patient_stranger_is_kept_within_bounds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST_ROWS", 50)
    await flood(house, 60)
    await house.wait(hours=2)
    assert len(await sizes(house)) == 50
    monkeypatch.setattr(retention, "MOST_BYTES", 20_000)
    await flood(house, 30, filling=1000)
    await house.wait(hours=2)
    assert 15_000 < sum(await sizes(house)) <= 20_000


async def test_forgetting_many_lets_others_write_in_between(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 10)
    await flood(house, 45)
    write, writes = house.database.write, list[int]()

    async def counted(fn: Callable[[Connection], T]) -> T:
        writes.append(1)
        return await write(fn)

    house.clock.forward(days=31)
    monkeypatch.setattr(house.database, "write", counted)
    await house.use_cases.retention.forget(retention.ForgetHints(), 1)
    assert await sizes(house) == []
    assert len(writes) >= 5
