"""The day's report makes itself, once for each owner, whatever fails or was off; M-Pesa is asked before."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from fundraising.audit.daily import Reconcile
from fundraising.audit.selfcheck import SelfCheck
from fundraising.people.roles import Role
from storage import tables
from tests.databases import opened
from tests.fundraising.house import House
from tests.fundraising.treasury import Treasury

TODAY = date(2026, 11, 22)  # a FakeClock begins at noon in Nairobi
REPORTED = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # seven o'clock there
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened("inline", tmp_path) as database:
        house = await House(database).open()
        await Treasury(house).open()
        await house.use_cases.daily_report.keep_going()
        yield house


async def at(house: House, moment: datetime) -> None:
    house.clock.moment = moment
    await house.work()


async def reports(house: House) -> list[tuple[int, str]]:
    return [(job["chat_id"], job["day"]) for job in await house.jobs("SendReport")]


async def days(house: House) -> list[str]:
    return sorted({day for _chat, day in await reports(house)})


async def waiting(house: House, kind: str = "Reconcile") -> list[str]:
    return [job["day"] for job in await house.jobs(kind)]


async def test_each_owner_gets_one_report_at_seven_and_mpesa_is_asked_ten_minutes_before(house: House) -> None:
    await at(house, REPORTED - 11 * MINUTE)
    assert not house.payouts.asked
    await at(house, REPORTED - 10 * MINUTE)
    assert len(house.payouts.asked) == 1
    assert await reports(house) == []
    await at(house, REPORTED)
    assert await reports(house) == [(1004, "2026-11-22"), (1005, "2026-11-22")]
    assert await waiting(house) == await waiting(house, "AskBalanceFor") == ["2026-11-23"]


async def test_an_owner_with_two_chats_gets_it_once_where_it_can_be_read(house: House) -> None:
    donors = house.use_cases.donors
    await second_chat(house, 999, of=4)
    await donors.arrive(999, "Person 4", "en")
    await donors.lost(999)
    await at(house, REPORTED)
    assert await reports(house) == [(1004, "2026-11-22"), (1005, "2026-11-22"), (1006, "2026-11-22")]


async def second_chat(house: House, chat: int, of: int) -> None:
    """It takes two other owners."""
    staff = house.use_cases.staff
    third = await staff.add(1006, "Person 6", Role.OWNER, by=4)
    assert third
    await staff.confirm(third.id, by=5)
    proposal = await staff.link(chat, of, by=5)
    assert proposal
    await staff.confirm(proposal.id, by=third.person.id)


async def test_asking_for_the_balance_by_hand_does_not_take_the_daily_question_away(house: House) -> None:
    await house.use_cases.paying.float.ask_anew()
    await house.work()
    await at(house, REPORTED - 10 * MINUTE)
    assert len(house.payouts.asked) == 2


async def test_a_second_run_of_the_same_day_tells_nobody_again(house: House) -> None:
    await at(house, REPORTED)
    sent = tables.jobs.delete().where(tables.jobs.c.kind == "SendReport")
    await house.database.write(lambda conn: conn.execute(sent).rowcount)
    await house.use_cases.daily_report.make(Reconcile("2026-11-22"), 2)
    assert await reports(house) == []


async def test_restarts_neither_repeat_nor_forget_a_day(house: House) -> None:
    for hours in (0, 16, 20, 30, 44):
        house.clock.moment = datetime(2026, 11, 22, 9, tzinfo=UTC) + timedelta(hours=hours)
        await house.use_cases.daily_report.keep_going()
        await house.work()
    assert await days(house) == ["2026-11-22", "2026-11-23"]
    assert len(await reports(house)) == 4


async def test_a_day_that_cannot_be_made_does_not_end_the_chain(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: SelfCheck) -> list[str]:
        raise RuntimeError("broken")

    with monkeypatch.context() as patched:
        patched.setattr(SelfCheck, "problems", broken)
        for hours in range(16):  # until it is given up
            await at(house, REPORTED + timedelta(hours=hours))
    assert await reports(house) == []
    await at(house, REPORTED + timedelta(days=1))
    assert await days(house) == ["2026-11-23"]
    await house.use_cases.daily_report.keep_going()
    assert (await house.use_cases.daily_report.made(date(2026, 11, 23))).left_out_since is None  # the first there is


async def test_days_on_which_it_was_off_are_caught_up_in_their_order(house: House) -> None:
    await at(house, REPORTED)
    house.clock.moment = REPORTED + timedelta(days=3, hours=2)
    await house.use_cases.daily_report.keep_going()
    await house.work()
    assert await days(house) == ["2026-11-22", "2026-11-23", "2026-11-24"]
    assert len(house.payouts.asked) == 3  # the one of the 24th that was due meanwhile, and yesterday's
    await house.wait(minutes=10)
    assert await days(house) == ["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"]
    assert (await house.use_cases.daily_report.made(date(2026, 11, 24))).left_out_since is None


async def test_after_a_long_time_only_the_last_seven_days_are_and_the_first_says_so(house: House) -> None:
    await at(house, REPORTED)
    house.clock.moment = REPORTED + timedelta(days=20)
    await house.use_cases.daily_report.keep_going()
    await house.work()
    await house.wait(minutes=10)
    assert await days(house) == ["2026-11-22", *(f"2026-12-{n:02}" for n in range(6, 13))]
    made = await house.use_cases.daily_report.made(date(2026, 12, 6))
    assert made.left_out_since == date(2026, 11, 23)


async def test_what_the_self_check_found_is_kept_with_the_day(house: House) -> None:
    spoil = "UPDATE balances SET in_minor = in_minor + 1 WHERE account = 'campaign:1'"
    await house.database.write(lambda conn: conn.exec_driver_sql(spoil).close())
    await at(house, REPORTED)
    [problem] = (await house.use_cases.daily_report.made(TODAY)).problems
    assert problem.startswith("the balance of campaign:1 in KES is")


async def test_a_clock_that_was_ahead_does_not_end_the_chain(house: House) -> None:
    await at(house, REPORTED + timedelta(days=300))
    house.clock.moment = REPORTED + timedelta(days=2)
    sent = tables.jobs.delete().where(tables.jobs.c.kind == "SendReport")
    await house.database.write(lambda conn: conn.execute(sent).rowcount)
    await house.use_cases.daily_report.keep_going()
    await at(house, REPORTED + timedelta(days=3))
    assert "2026-11-25" in await days(house)
