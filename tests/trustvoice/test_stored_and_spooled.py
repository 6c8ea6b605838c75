"""The database took a callback after all, when it was in the spool already: what counts is that it came once."""

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from fundraising.evidence.record import Evidence
from storage.spool import Spool
from storage.tables import evidence
from tests.databases import opened
from tests.fakes import callback
from tests.fundraising.house import House
from trustvoice.running.spooling import LIMITS, Spooling
from webhooks.mpesa import receivers

HURRIED = replace(LIMITS, patience_s=0.05)


async def test_a_callback_stored_late_and_spooled_too_is_credited_once_as_of_when_it_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened("sqlite", tmp_path) as database:
        house = await House(database).open()
        await house.give(500)
        stalled = asyncio.Event()
        take = house.use_cases.intake.take

        async def slowly(item: Evidence) -> None:
            await stalled.wait()
            await take(item)

        monkeypatch.setattr(house.use_cases.intake, "take", slowly)
        spool = Spool(tmp_path / "spool")
        to_all = receivers(house.use_cases)

        async def can_store() -> bool:
            return True

        late: list[asyncio.Future[None]] = []

        async def as_if_not_cancelled(token: str | None, body: bytes, at: datetime | None) -> None:
            late.append(asyncio.ensure_future(to_all["stk"](token, body, at)))
            await asyncio.shield(late[-1])

        spooling = Spooling({"stk": as_if_not_cancelled}, spool, house.vault, house.clock, can_store, HURRIED)
        await spooling.take("stk", house.mpesa.token(), callback())
        came_before = house.clock()
        house.clock.forward(minutes=10)
        stalled.set()
        await asyncio.gather(*late)
        assert await spooling.drain()
        await spooling.close()
        assert await house.held("campaign:1") == 500
        assert await house.verdicts() == ["credited"]
        [received] = await database.read(lambda conn: list(conn.scalars(select(evidence.c.received_at))))
        assert received < came_before
        assert await house.use_cases.self_check.problems() == []
