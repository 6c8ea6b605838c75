"""Requests that come again: only the latest to take one on may act or answer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fundraising.money import Money
from fundraising.people.api_keys import KeyRole
from fundraising.refusals import IdempotencyKeyReused
from fundraising.repeats import Answer, TakenOver, Turn
from tests.databases import opened
from tests.fundraising.house import PHONE, House

KEY, REQUEST = b"a key", b"POST /donations/"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened("inline", tmp_path) as database:
        house = await House(database).open()
        await house.use_cases.api_keys.create("tv_a", "a", KeyRole.ADMIN)
        yield house


async def take_on(house: House) -> Turn:
    turn = await house.use_cases.repeats.take_on(1, KEY, REQUEST)
    assert isinstance(turn, Turn)
    return turn


async def give(house: House, turn: Turn) -> int:
    return (await house.use_cases.donations.start(1, 1, Money.shillings(500), PHONE, turn)).id


async def test_who_was_thought_dead_can_neither_act_nor_answer(house: House) -> None:
    slow = await take_on(house)
    house.clock.forward(seconds=13)
    quick = await take_on(house)
    with pytest.raises(TakenOver):
        await give(house, slow)
    assert house.mpesa.pushed == []
    with pytest.raises(TakenOver):
        await house.use_cases.repeats.remember(slow, Answer(409, b"refused"))
    with pytest.raises(TakenOver):
        await house.use_cases.repeats.let_go(slow)
    assert [await give(house, quick), await give(house, quick)] == [1, 1]
    assert len(house.mpesa.pushed) == 1


async def test_while_somebody_is_at_work_nobody_else_is_let_in(house: House) -> None:
    turn = await take_on(house)
    assert await house.use_cases.repeats.take_on(1, KEY, REQUEST) is None
    await house.use_cases.repeats.let_go(turn)
    again = await take_on(house)
    await house.use_cases.repeats.remember(again, Answer(201, b"{}"))
    assert await house.use_cases.repeats.take_on(1, KEY, REQUEST) == Answer(201, b"{}")
    with pytest.raises(TakenOver):  # the first answer stays
        await house.use_cases.repeats.remember(again, Answer(500, b""))


async def test_another_request_with_the_key_is_refused_at_every_stage(house: House) -> None:
    turn = await take_on(house)
    for step in (None, house.use_cases.repeats.let_go(turn)):
        if step:
            await step
        with pytest.raises(IdempotencyKeyReused):
            await house.use_cases.repeats.take_on(1, KEY, b"POST /payouts/")
