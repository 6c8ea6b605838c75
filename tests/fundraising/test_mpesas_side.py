"""What M-Pesa says it holds, against our books: asked of all our shortcodes, compared at the moment of its answer."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from fundraising import days
from fundraising.audit import agreement
from fundraising.money import Money
from fundraising.paying import float
from fundraising.paying.balance_rounds import Round, Statement
from mpesa.codes import Reason
from mpesa.outcome import Failed
from mpesa.payouts import BalanceQuestion
from tests.databases import opened
from tests.fakes import PAYING, callback
from tests.fundraising.day import TODAY, TOMORROW, ask, day_of, hear_balance
from tests.fundraising.house import House
from tests.fundraising.treasury import Treasury


@pytest.fixture
async def treasury(tmp_path: Path) -> AsyncIterator[Treasury]:
    async with opened("inline", tmp_path) as database:
        house = await House(database).open()
        yield await Treasury(house).open()
        assert await house.use_cases.self_check.problems() == []


async def test_mpesa_agrees_when_it_holds_what_came_and_did_not_go(treasury: Treasury) -> None:
    house = treasury.house
    assert (await day_of(house)).mpesa is None
    await ask(house)
    await hear_balance(house, 20_000, working=30_000)
    mpesa = (await day_of(house)).mpesa
    assert mpesa
    assert (mpesa.now.ours, mpesa.agrees, mpesa.changed_by) == (Money.shillings(50_000), True, None)


async def test_a_difference_is_told_with_its_change_and_books_nothing(treasury: Treasury) -> None:
    house = treasury.house
    await ask(house)
    await hear_balance(house, 60_000)  # 10,000 were there before
    house.clock.forward(days=1)
    await ask(house)
    await hear_balance(house, 59_970)
    before = await house.held("campaign:1")
    mpesa = (await day_of(house, TOMORROW)).mpesa
    assert mpesa
    assert not mpesa.agrees
    assert (mpesa.now.difference, mpesa.changed_by) == (Money.shillings(9970), Money.shillings(-30))
    assert await house.held("campaign:1") == before


async def test_both_sides_are_of_the_moment_at_which_mpesa_answered(treasury: Treasury) -> None:
    house = treasury.house
    await ask(house)
    await hear_balance(house, 50_000)
    await house.give(700)
    await house.hear(callback("ws_CO_2", shillings=700, receipt="TKM2AAAAAA"))
    mpesa = (await day_of(house)).mpesa
    assert mpesa
    assert mpesa.agrees


async def test_the_answer_nearest_to_the_days_end_counts(treasury: Treasury) -> None:
    house = treasury.house
    for hours, told in ((0, 1), (11, 2), (8, 3)):  # 12:00, 23:00, 7:00
        house.clock.forward(hours=hours)
        await ask(house)
        await hear_balance(house, told)
    mpesa = (await day_of(house)).mpesa
    assert mpesa
    assert mpesa.now.round.total == Money.shillings(2)


def test_a_day_owns_what_was_asked_after_the_report_before_it_and_up_to_half_a_day_after_its_own() -> None:
    since = days.at(TODAY, days.SEVEN)
    until = since + timedelta(days=1) + agreement.LATE

    def nearest(*asked: datetime) -> datetime | None:
        rounds = [Round(at, (Statement("", at, {}),)) for at in asked]
        found = agreement.nearest(rounds, TODAY, days.SEVEN)
        return found.asked_at if found else None

    a_moment = timedelta(microseconds=1)
    assert nearest(since) is None
    assert nearest(since, since + a_moment) == since + a_moment
    assert nearest(until) == until
    assert nearest(until + a_moment) is None


def noted(available: int, at: datetime) -> Callable[[Connection], None]:
    """Of the account that pays, with a mark of KES 10."""
    return lambda conn: float.note(conn, float.UTILITY, available, at, Money(1000))


async def test_an_older_balance_that_is_read_later_does_not_replace_the_newer_one(treasury: Treasury) -> None:
    house, noon = treasury.house, treasury.house.clock()

    for available, hours in ((5000, 2), (10, 1)):
        await house.database.write(noted(available, noon + timedelta(hours=hours)))
    [held] = await house.use_cases.paying.float.held()
    assert (held.available, held.seen_at) == (Money(5000), noon + timedelta(hours=2))
    assert await house.jobs("WarnLowFloat") == []


async def test_people_are_warned_when_the_float_falls_below_the_mark_and_not_at_every_word_below_it(
    treasury: Treasury,
) -> None:
    house, noon = treasury.house, treasury.house.clock()
    warned = []
    for hours, available in enumerate((2000, 1000, 999, 998, 1000, 500)):
        await house.database.write(noted(available, noon + timedelta(hours=hours)))
        warned.append(sorted({job["available_minor"] for job in await house.jobs("WarnLowFloat")}))
    assert warned == [[], [], [999], [999], [999], [500, 999]]


async def test_the_first_answer_to_a_question_stands_and_one_without_its_token_is_none(treasury: Treasury) -> None:
    house = treasury.house
    await ask(house)
    await hear_balance(house, 50_000)
    await hear_balance(house, 1)
    house.payouts.asked.append(replace(house.payouts.asked[-1], result_url="https://give.example/forged"))
    await hear_balance(house, 2)
    mpesa = (await day_of(house)).mpesa
    assert mpesa
    assert mpesa.now.round.total == Money.shillings(50_000)


@pytest.fixture
async def two_shortcodes(tmp_path: Path) -> AsyncIterator[Treasury]:
    async with opened("inline", tmp_path) as database:
        house = await House(database, paying=replace(PAYING, collects_on="174379")).open()
        yield await Treasury(house).open()


async def test_both_shortcodes_are_asked_and_count_only_together(two_shortcodes: Treasury) -> None:
    house = two_shortcodes.house
    await ask(house)
    asked = [question for question in house.payouts.asked if isinstance(question, BalanceQuestion)]
    assert [question.shortcode for question in asked] == [None, "174379"]
    await hear_balance(house, 20_000, nth=0)
    assert (await day_of(house)).mpesa is None
    await hear_balance(house, 0, nth=1, working=30_000)
    mpesa = (await day_of(house)).mpesa
    assert mpesa
    assert mpesa.agrees
    held = await house.use_cases.paying.float.held()
    assert [(each.shortcode, each.available.whole_shillings) for each in held] == [
        ("", 20_000),
        ("", 0),
        ("174379", 0),
        ("174379", 30_000),
    ]


@pytest.mark.parametrize(
    ("nth", "reason", "frozen"),
    [
        (0, Reason.INITIATOR_REFUSED, True),
        (0, Reason.INITIATOR_WITHOUT_ROLE, False),  # the role to ask for the balance is one of its own
        (0, Reason.CONFIGURATION, False),
        (1, Reason.INITIATOR_REFUSED, False),  # the initiator belongs to the shortcode that pays
    ],
)
async def test_payouts_freeze_only_when_asking_on_would_lock_the_initiator(
    two_shortcodes: Treasury, nth: int, reason: Reason, frozen: bool
) -> None:
    house = two_shortcodes.house
    if nth:
        house.payouts.questions.append(Failed(Reason.NOT_REACHED, ""))
    house.payouts.questions.append(Failed(reason, "2001"))
    await ask(house)
    assert (await two_shortcodes.frozen() is not None) == frozen
    asked = len(house.payouts.asked)
    await ask(house)
    assert (len(house.payouts.asked) == asked) == frozen


async def test_a_question_that_was_not_taken_is_put_again_and_the_answer_counts(treasury: Treasury) -> None:
    house = treasury.house
    house.payouts.questions.append(Failed(Reason.NOT_REACHED, ""))
    await house.use_cases.paying.float.ask_anew()
    await house.work()
    assert len(house.payouts.asked) == 1
    await house.wait(seconds=61)
    assert len(house.payouts.asked) == 2
    await hear_balance(house, 50_000)
    assert (await day_of(house)).mpesa
