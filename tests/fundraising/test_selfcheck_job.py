"""The books are looked at every ten minutes: what does not hold freezes sending and is told once."""

from collections import deque
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import Connection, event, update
from sqlalchemy.util import await_only

from fundraising.audit import selfcheck
from fundraising.audit.watch import EVERY
from storage import jobs, tables
from storage.database import Database
from tests.databases import PostgresServer, opened
from tests.fakes import callback
from tests.fundraising.house import PHONE, House
from tests.fundraising.treasury import OTHER_OWNER, OWNER, Treasury

b = tables.balances.c


@pytest.fixture
async def treasury(tmp_path: Path) -> AsyncIterator[Treasury]:
    async with opened("inline", tmp_path) as database:
        treasury = await Treasury(await House(database).open()).open()
        await treasury.house.use_cases.books_watch.begin()
        await treasury.house.work()
        yield treasury


async def add_to_balance(database: Database, minor: int, account: str = "campaign:1") -> None:
    wrong = update(tables.balances).where(b.account == account).values(in_minor=b.in_minor + minor)
    await database.write(lambda conn: conn.execute(wrong).rowcount)


async def alarms(treasury: Treasury) -> list[str]:
    """Those about the books, and forgets them, as when they are told."""
    told = [alarm for alarm in await treasury.house.told("TellOwners") if alarm == "books"]
    gone = tables.jobs.delete().where(tables.jobs.c.kind == "TellOwners")
    await treasury.house.database.write(lambda conn: conn.execute(gone).rowcount)
    return told


async def test_books_that_hold_alarm_nobody(treasury: Treasury) -> None:
    await treasury.house.wait(minutes=10)
    assert (await alarms(treasury), await treasury.frozen()) == ([], None)


async def test_a_wrong_balance_freezes_sending_within_ten_minutes_and_is_told_once(treasury: Treasury) -> None:
    await add_to_balance(treasury.house.database, 500)
    await treasury.house.wait(minutes=10)
    assert "campaign:1" in str(await treasury.frozen())
    assert await alarms(treasury) == ["books"]
    for minor in (1, 2):
        await add_to_balance(treasury.house.database, minor)  # the same thing is wrong, by other numbers
        await treasury.house.wait(minutes=10)
    assert await alarms(treasury) == []


async def test_owners_who_unfreeze_knowing_it_are_overruled_by_another_problem_only(treasury: Treasury) -> None:
    await add_to_balance(treasury.house.database, 500)
    await treasury.house.wait(minutes=10)
    for owner in (OWNER, OTHER_OWNER):
        await treasury.house.use_cases.paying.switch.unfreeze(owner)
    await treasury.house.wait(minutes=10)
    assert await treasury.frozen() is None
    await add_to_balance(treasury.house.database, 500, "outside")
    await treasury.house.wait(minutes=10)
    assert "outside" in str(await treasury.frozen())


async def test_what_was_put_right_and_breaks_again_is_told_again(treasury: Treasury) -> None:
    for minor in (500, -500, 500):
        await add_to_balance(treasury.house.database, minor)
        await treasury.house.wait(minutes=10)
    assert len(await alarms(treasury)) == 1  # waiting to be told, it is one
    await add_to_balance(treasury.house.database, -500)
    await treasury.house.wait(minutes=10)
    await add_to_balance(treasury.house.database, 500)
    await treasury.house.wait(minutes=10)
    assert await alarms(treasury) == ["books"]


async def test_what_only_a_look_at_every_row_finds_is_found_within_a_day(treasury: Treasury) -> None:
    """Two old donations exchanged: every sum is right."""
    house = treasury.house
    house.clock.forward(seconds=61)
    await house.give(300)
    await house.hear(callback("ws_CO_2", shillings=300, receipt="TKM2AAAAAA"))
    await house.wait(hours=25)
    assert await treasury.frozen() is None
    exchanged = 5_030_000 - tables.donations.c.amount_minor
    statement = update(tables.donations).values(amount_minor=exchanged)
    await house.database.write(lambda conn: conn.execute(statement).rowcount)
    await house.wait(minutes=10)
    assert await treasury.frozen() is None
    await house.wait(hours=25)
    assert "donation 1 is completed" in str(await treasury.frozen())


async def test_a_donation_completed_without_its_money_is_found_by_the_sums(treasury: Treasury) -> None:
    treasury.house.clock.forward(seconds=61)
    await treasury.house.give(300)
    wrong = update(tables.donations).where(tables.donations.c.id == 2).values(status="completed")
    await treasury.house.database.write(lambda conn: conn.execute(wrong).rowcount)
    await treasury.house.wait(minutes=10)
    assert "campaign:1 was not credited" in str(await treasury.frozen())


async def test_a_promise_without_a_payout_is_found(treasury: Treasury) -> None:
    promised = update(tables.balances).where(b.account == "campaign:1").values(reserved_minor=100)
    await treasury.house.database.write(lambda conn: conn.execute(promised).rowcount)
    await treasury.house.wait(minutes=10)
    assert "reserved" in str(await treasury.frozen())


async def test_a_check_that_fails_is_made_again_and_never_given_up(
    treasury: Treasury, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_conn: Connection) -> NoReturn:
        raise RuntimeError("the check fails")

    with monkeypatch.context() as patched:
        patched.setattr(selfcheck, "wrong_of_late", broken)
        for _ in range(20):
            await treasury.house.wait(minutes=10)
    await add_to_balance(treasury.house.database, 500)
    await treasury.house.wait(minutes=10)
    assert await treasury.frozen()


async def test_it_is_staged_once_however_often_the_program_starts(treasury: Treasury) -> None:
    for _ in range(3):
        await treasury.house.use_cases.books_watch.begin()
    assert await treasury.house.jobs("CheckBooks") == [{}]
    await treasury.house.work()
    due: datetime | None = await treasury.house.database.read(lambda conn: jobs.next_due(conn, "mpesa"))
    assert due
    assert due <= treasury.house.clock() + EVERY


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_payments_booked_while_it_reads_are_no_problem(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    postgres: PostgresServer | None = request.getfixturevalue("postgres") if kind == "postgres" else None
    async with opened(kind, tmp_path, postgres) as database:
        house = await House(database).open()
        await house.use_cases.own_phones.shared(1, PHONE)
        waiting = deque[tuple[bytes, str]]()
        for n in range(1, 16):
            await house.give(500)
            waiting.append((callback(f"ws_CO_{n}", receipt=f"TKM{n:02}AAAAA"), house.mpesa.token()))
            house.clock.forward(seconds=200)

        def book_one_more(*_: object) -> None:
            if waiting:
                await_only(house.hear(*waiting.popleft()))

        def check_meanwhile(conn: Connection) -> list[str]:
            event.listen(conn, "before_cursor_execute", book_one_more)
            return selfcheck.problems(conn, house.vault)

        assert [await database.read(check_meanwhile) for _ in range(2)] == [[], []]
        assert not waiting
        assert await house.held("campaign:1") == 15 * 500
