"""The numbers for /metrics are those of the database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from fundraising.audit.gauges import Held, Taken
from fundraising.ledger import accounts
from mpesa.outcome import Unknown
from storage import tables
from storage.database import Database
from tests.databases import PostgresServer, opened
from tests.fakes import callback
from tests.fundraising.house import House
from tests.fundraising.treasury import CHECKER, Treasury


@pytest.fixture(params=["inline", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    postgres: PostgresServer | None = request.getfixturevalue("postgres") if request.param == "postgres" else None
    async with opened(request.param, tmp_path, postgres) as database:
        yield database


async def taken(house: House) -> Taken:
    return await house.use_cases.gauges.take()


async def test_undecided_donations_are_counted_by_age(house: House) -> None:
    await house.give(500)
    house.clock.forward(minutes=30)
    await house.give(500)
    house.clock.forward(hours=2)
    await house.give(500)
    await house.hear(callback("ws_CO_3"))
    house.clock.forward(minutes=3)
    await house.give(500)
    assert (await taken(house)).donations == {"0-10m": 1, "10m-1h": 0, "1h-1d": 2, "1d-": 0}


async def test_a_job_is_late_from_the_moment_when_it_should_have_begun(house: House) -> None:
    await house.give(500)
    [asking] = [job for job in (await taken(house)).jobs if job.kind == "AskMpesa"]
    assert (asking.waiting, asking.given_up, asking.overdue.total_seconds()) == (1, 0, 0)
    house.clock.forward(seconds=90)
    [asking] = [job for job in (await taken(house)).jobs if job.kind == "AskMpesa"]
    assert round(asking.overdue.total_seconds()) == 60
    given_up = update(tables.jobs).where(tables.jobs.c.kind == "AskMpesa").values(run_at=None)
    await house.database.write(lambda conn: conn.execute(given_up).rowcount)
    [asking] = [job for job in (await taken(house)).jobs if job.kind == "AskMpesa"]
    assert (asking.waiting, asking.given_up) == (0, 1)


async def test_payouts_that_may_be_paid_are_counted_apart(treasury: Treasury) -> None:
    treasury.house.payouts.sends.append(Unknown("no answer"))
    await treasury.send(1000)
    treasury.house.clock.forward(hours=2)
    assert {key: count for key, count in (await taken(treasury.house)).payouts.items() if count} == {
        ("unknown", "1h-1d"): 1
    }
    assert (await taken(treasury.house)).held == [
        Held(accounts.Kind.CAMPAIGN, "KES", 5_000_000, 100_000),
        Held(accounts.Kind.OUTSIDE, "KES", -5_000_000, 0),
        Held(accounts.Kind.SUSPENSE, "KES", 0, 0),
    ]


async def test_float_and_switch_are_as_they_are(treasury: Treasury) -> None:
    await treasury.send(1000)
    await treasury.result()
    before = await taken(treasury.house)
    assert [(each.account, each.minor) for each in before.floats] == [("Utility Account", 500_050)]
    assert not before.frozen
    await treasury.house.use_cases.paying.switch.freeze(CHECKER, "a test")
    assert (await taken(treasury.house)).frozen


async def test_the_latest_self_check_is_known_with_its_moment(house: House) -> None:
    assert (await taken(house)).self_checks == {}
    await house.use_cases.books_watch.begin()
    await house.work()
    checked = (await taken(house)).self_checks["books"]
    assert (checked.problems, checked.at.date()) == (0, house.clock.moment.date())
