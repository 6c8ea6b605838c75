"""A day of the books adds up, follows on the day before, and is held against what M-Pesa says."""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from fundraising.audit import movements
from fundraising.audit.movements import Kind
from fundraising.audit.unresolved import Kind as Waiting
from fundraising.ledger import accounts, posting
from fundraising.ledger.accounts import Account
from fundraising.ledger.causes import Cause, Donation, Fee, Payment
from fundraising.money import Money
from fundraising.refusals import NoSuchDay
from storage.database import Database
from storage.inline import InlineDatabase
from tests.databases import opened
from tests.fakes import callback
from tests.fundraising.day import MIDNIGHT, TODAY, TOMORROW, ask, day_of, hear_balance, line, shillings
from tests.fundraising.house import House
from tests.fundraising.treasury import Treasury


@pytest.fixture
async def treasury(tmp_path: Path) -> AsyncIterator[Treasury]:
    async with opened("inline", tmp_path) as database:
        house = await House(database).open()
        yield await Treasury(house).open()
        assert await house.use_cases.self_check.problems() == []


async def test_the_day_before_and_after_midnight_in_nairobi_are_two_days(database: Database) -> None:
    """On every database."""
    house = await House(database).open()
    first = posting.Transfer(Donation(1), accounts.OUTSIDE, accounts.campaign(1), Money(100_00))
    second = posting.Transfer(Donation(2), accounts.OUTSIDE, accounts.campaign(1), Money(200_00))
    await database.write(lambda conn: posting.post(conn, [first], MIDNIGHT - timedelta(microseconds=1)))
    await database.write(lambda conn: posting.post(conn, [second], MIDNIGHT))
    house.clock.moment = MIDNIGHT + timedelta(hours=1)
    assert shillings(await day_of(house, TODAY), "campaign:1", Kind.DONATIONS) == [0, 100, 100]
    await ask(house)
    await hear_balance(house, 300)
    assert shillings(await day_of(house, TOMORROW), "campaign:1", Kind.DONATIONS) == [100, 200, 300]
    mpesa = (await day_of(house, TODAY)).mpesa
    assert mpesa
    assert mpesa.agrees


async def test_payouts_of_the_first_and_of_the_last_moment_are_counted_on_their_own_day(database: Database) -> None:
    def pay(conn: Connection) -> None:
        moments = (MIDNIGHT - timedelta(days=1), MIDNIGHT - timedelta(microseconds=1), MIDNIGHT)
        for number, moment in enumerate(moments, start=1):
            transfer = posting.Transfer(Payment(1, number), accounts.campaign(1), accounts.OUTSIDE, Money(10_00))
            posting.post(conn, [transfer], moment)

    await database.write(pay)
    counted = [
        await database.read(partial(movements.payments, day=day))
        for day in (TODAY - timedelta(days=1), TODAY, TOMORROW)
    ]
    assert counted == [{}, {"KES": 2}, {"KES": 1}]


async def test_a_day_tells_gifts_payouts_fees_and_what_was_paid_beyond(treasury: Treasury) -> None:
    house = treasury.house
    await treasury.send(30_000)
    await treasury.result(shillings=60_000)  # M-Pesa moved more than the campaign has
    fee = posting.Transfer(Fee(1), accounts.FEES, accounts.OUTSIDE, Money(22_40))
    await house.database.write(lambda conn: posting.post(conn, [fee], house.clock()))
    report = await day_of(house)
    assert shillings(report, "campaign:1", Kind.DONATIONS, Kind.PAYOUTS) == [0, 50_000, -50_000, 0]
    assert shillings(report, "receivable:1", Kind.PAYOUTS) == [0, -10_000, -10_000]
    assert line(report, "fees").move(Kind.FEES).amount == line(report, "fees").closing == Money(-22_40)
    assert (report.payments, report.came(Kind.DONATIONS, "KES").count) == ({"KES": 1}, 1)
    house.clock.forward(days=1)
    await house.give(15_000)
    await house.hear(callback("ws_CO_2", shillings=15_000, receipt="TKM2AAAAAA"))
    await house.use_cases.receivables.cover(1)
    report = await day_of(house, TOMORROW)
    assert shillings(report, "campaign:1", Kind.DONATIONS, Kind.COVERS) == [0, 15_000, -10_000, 5000]
    assert shillings(report, "receivable:1", Kind.COVERS) == [-10_000, 10_000, 0]


async def test_a_payment_that_turns_up_late_belongs_to_the_day_on_which_it_was_booked(treasury: Treasury) -> None:
    house = treasury.house
    donation = await house.give(700)
    await house.hear(callback("ws_CO_2", code=1032))
    house.clock.forward(days=1)
    await house.hear(callback("ws_CO_2", shillings=700, receipt="TKM2AAAAAA"))
    assert (await house.donation(donation.id)).created_at < MIDNIGHT
    assert shillings(await day_of(house, TODAY), "campaign:1", Kind.DONATIONS) == [0, 50_000, 50_000]
    assert shillings(await day_of(house, TOMORROW), "campaign:1", Kind.DONATIONS) == [50_000, 700, 50_700]


async def test_what_happens_later_changes_no_day_that_is_over(treasury: Treasury) -> None:
    house = treasury.house
    house.clock.forward(days=1)
    before = await day_of(house)
    await treasury.send(1000)
    await treasury.result()
    after = await day_of(house)
    assert (after.lines, after.payments) == (before.lines, before.payments)


async def test_a_balance_that_its_postings_do_not_bear_out_does_not_add_up(treasury: Treasury) -> None:
    def tamper(minor: int) -> str:
        return f"UPDATE balances SET in_minor = in_minor + {minor} WHERE account = 'campaign:1'"

    database = treasury.house.database
    await database.write(lambda conn: conn.exec_driver_sql(tamper(100)).close())
    report = await treasury.house.use_cases.reconciliation.of(TODAY)
    assert not report.adds_up
    assert [line.account for line in report.lines if not line.adds_up] == [accounts.campaign(1)]
    await database.write(lambda conn: conn.exec_driver_sql(tamper(-100)).close())


@pytest.mark.parametrize("day", [TOMORROW, date(2001, 1, 1), date.max, date.min])
async def test_a_day_that_has_no_books_has_no_report(treasury: Treasury, day: date) -> None:
    with pytest.raises(NoSuchDay):
        await treasury.house.use_cases.reconciliation.of(day)


async def test_what_waits_for_somebody_is_listed(treasury: Treasury) -> None:
    house = treasury.house
    await house.give(300)
    await house.hear(callback("ws_CO_2", shillings=299, receipt="TKM2AAAAAA"))  # another amount: suspense
    await treasury.request(200)
    house.clock.forward(minutes=3)
    silent = await house.give(400)
    found = (await day_of(house)).unresolved
    assert [(each.kind, each.why) for each in found] == [("payout", "pending"), ("suspense", "other_amount")]
    house.clock.forward(hours=1)
    found = (await day_of(house)).unresolved
    assert [(each.kind, each.id, each.amount) for each in found] == [
        (Waiting.DONATION, str(silent.id), Money.shillings(400)),
        (Waiting.PAYOUT, "1", Money.shillings(200)),
        (Waiting.SUSPENSE, "s1", Money.shillings(299)),
    ]


OF_CAMPAIGNS = (accounts.campaign(1), accounts.campaign(2), accounts.receivable(1))
ACCOUNTS = st.sampled_from([*OF_CAMPAIGNS, accounts.SUSPENSE, accounts.FEES, accounts.OUTSIDE])
CAUSES = st.sampled_from(["donation", "payout", "fee", "cover", "receipt", "decided", "correction", "unheard_of"])
Moved = tuple[int, str, Account, Account, int]
MOVES = st.lists(st.tuples(st.integers(0, 5 * 24 * 60), CAUSES, ACCOUNTS, ACCOUNTS, st.integers(1, 10**9)), max_size=12)


@pytest.fixture(scope="module")
def empty_books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    async def make(path: Path) -> Path:
        database = InlineDatabase(path)
        await database.migrate()
        await database.close()
        return path

    return asyncio.run(make(tmp_path_factory.mktemp("books") / "empty.db"))


@settings(max_examples=30, deadline=None)
@given(moves=MOVES)
def test_whatever_moves_each_day_begins_as_the_one_before_it_ended(empty_books: Path, moves: list[Moved]) -> None:
    async def check() -> None:
        database = InlineDatabase(Path(shutil.copy(empty_books, empty_books.with_name("one.db"))))
        await database.write(lambda conn: move(conn, moves))
        closings: dict[Account, Money] = {}
        moved: Counter[Account] = Counter()
        for number in range(6):
            day = TODAY + timedelta(days=number)
            for each in await database.read(partial(movements.lines, day=day)):
                assert each.adds_up
                assert each.opening == closings.get(each.account, Money(0))
                closings[each.account] = each.closing
                moved[each.account] += sum(flow.amount.minor for flow in each.moves.values())
        kept = await database.read(lambda conn: {each: posting.balance(conn, each).minor for each in closings})
        assert kept == moved == {each: money.minor for each, money in closings.items()}
        await database.close()

    asyncio.run(check())


def move(conn: Connection, moves: list[Moved]) -> None:
    for number, (minutes, cause, source, target, minor) in enumerate(moves):
        if source != target:
            transfer = posting.Transfer(cast(Cause, f"{cause}:{number}"), source, target, Money(minor))
            posting.post(conn, [transfer], MIDNIGHT - timedelta(days=1) + timedelta(minutes=minutes))
