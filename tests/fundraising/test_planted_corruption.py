"""Somebody, or a fault, changes the database past the rules. The self-check names what does not hold any more."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import Connection

from fundraising.audit import selfcheck
from storage.guards import GUARDS
from storage.inline import InlineDatabase
from storage.vault import Vault
from tests.databases import opened
from tests.fakes import FakeClock, callback
from tests.fundraising.house import SECRET, House
from tests.fundraising.treasury import Treasury

FLOAT_EMPTY = 1
VAULT = Vault(SECRET)
LONG_AFTER = FakeClock()() + timedelta(days=30)
NO_CHECKS = "PRAGMA ignore_check_constraints=1"


def posted(cause: str, source: str, target: str, minor: int) -> list[str]:
    """Two postings, with the balances that belong to them."""
    postings = f"('{cause}', '{source}', 'KES', {-minor}, 1), ('{cause}', '{target}', 'KES', {minor}, 1)"
    new = f"INSERT OR IGNORE INTO balances VALUES ('{source}', 'KES', 0, 0, 0), ('{target}', 'KES', 0, 0, 0)"
    return [f"INSERT INTO postings VALUES {postings}", new, *moved(source, target, minor)]


def moved(source: str, target: str, minor: int) -> list[str]:
    return [
        f"UPDATE balances SET out_minor = out_minor + {minor} WHERE account = '{source}'",
        f"UPDATE balances SET in_minor = in_minor + {minor} WHERE account = '{target}'",
    ]


RELEASED = "UPDATE balances SET reserved_minor = reserved_minor - 200000 WHERE account = 'campaign:1'"
PLANTED: dict[str, tuple[list[str], str]] = {
    "a posting changed": (
        ["UPDATE postings SET minor = minor + 1 WHERE cause = 'donation:1' AND account = 'campaign:1'"],
        "the postings of donation:1 do not add up",
    ),
    "a posting deleted": (
        ["DELETE FROM postings WHERE cause = 'donation:1' AND account = 'outside'"],
        "the postings of donation:1 do not add up",
    ),
    "a donation's postings deleted, with their part of the balances": (
        ["DELETE FROM postings WHERE cause = 'donation:2'", *moved("outside", "campaign:1", -30_000)],
        "donation 2 is completed, but its amount was not credited",
    ),
    "a balance off by one": (
        ["UPDATE balances SET in_minor = in_minor + 1 WHERE account = 'campaign:1'"],
        "the balance of campaign:1 in KES is not what its postings say",
    ),
    "a promise without a payout": (["DELETE FROM payouts WHERE id = 4"], "campaign:1 has not reserved in KES"),
    "a completed payout without postings": (
        ["DELETE FROM postings WHERE cause = 'payout:1:1'", *moved("campaign:1", "outside", -100_000)],
        "an attempt of payout 1 is paid, but its money is not booked: 0 instead of 100000",
    ),
    "a completed payout booked by half": (
        ["UPDATE postings SET minor = minor / 2 WHERE cause = 'payout:1:1'", *moved("campaign:1", "outside", -50_000)],
        "an attempt of payout 1 is paid, but its money is not booked: 50000 instead of 100000",
    ),
    "a payout completed by nobody": (
        ["UPDATE payouts SET status = 'completed' WHERE id = 2", RELEASED],
        "payout 2 is completed, but none of its attempts is paid",
    ),
    "a paid payout that may be retried": (
        ["UPDATE payouts SET status = 'failed' WHERE id = 1"],
        "payout 1 is failed, but one of its attempts is paid",
    ),
    "a paid payout that may be retried, and forgets that it was paid": (
        [
            "UPDATE payouts SET status = 'failed' WHERE id = 1",
            "UPDATE attempts SET state = 'failed' WHERE payout_id = 1",
            "DELETE FROM postings WHERE cause = 'payout:1:1'",
            *moved("campaign:1", "outside", -100_000),
        ],
        "an attempt of payout 1 is failed, but M-Pesa's word that it is paid was taken",
    ),
    "a payout under way without an attempt": (
        ["DELETE FROM attempts WHERE payout_id = 2"],
        "payout 2 is processing, but none of its attempts is open",
    ),
    "a payout under way that is to be sent anew": (
        ["UPDATE payouts SET status = 'approved' WHERE id = 2"],
        "payout 2 is approved, but one of its attempts is open",
    ),
    "a payout sent without approvals": (
        ["DELETE FROM approvals WHERE payout_id = 2"],
        "payout 2 went on without the approvals",
    ),
    "a payout approved by its requester": (
        [NO_CHECKS, "UPDATE approvals SET approver_id = requester_id WHERE payout_id = 2"],
        "payout 2 went on without the approvals",
    ),
    "a donation completed without postings": (
        ["UPDATE donations SET status = 'completed' WHERE id = 5"],
        "donation 5 is completed, but its amount was not credited",
    ),
    "a failed donation credited": (
        posted("donation:4", "outside", "campaign:1", 50_000),
        "donation 4 is failed, but money was credited for it",
    ),
    "a donation credited that never was": (
        posted("donation:99", "outside", "campaign:1", 50_000),
        "campaign:1 was not credited in KES what its completed donations sum up to",
    ),
    "money taken out for no reason": (
        posted("gone", "campaign:1", "outside", 50_000),
        "gone moved money, but stands for nothing",
    ),
    "money taken out for an attempt that never was": (
        posted("payout:1:9", "campaign:1", "outside", 50_000),
        "payout:1:9 moved money, but stands for nothing",
    ),
    "a fee of no attempt": (posted("fee:77", "fees", "outside", 500), "fee:77 moved money, but stands for nothing"),
    "money in suspense twice": (
        posted("receipt:TKM9AAAAAA", "outside", "suspense", 45_000),
        "receipt:TKM9AAAAAA moved money, but stands for nothing",
    ),
    "money in suspense that nobody can decide on": (
        ["DELETE FROM suspense"],
        "receipt:TKM3AAAAAA moved money, but stands for nothing",
    ),
    "a payment in suspense and in a donation": (
        ["UPDATE donations SET receipt = 'TKM3AAAAAA' WHERE id = 2"],
        "receipt TKM3AAAAAA lies in suspense, and donation 2 was credited with it",
    ),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Donations 1 and 2 are completed, 3 is in suspense, 4 failed, 5 pending; payout 1 is paid, 2 under way, 3 failed,
    4 asked for."""
    folder = tmp_path_factory.mktemp("sound")
    async with opened("inline", folder) as database:
        treasury = await Treasury(await House(database).open()).open()
        house = treasury.house
        for number, shillings, answer in ((2, 300, "300"), (3, 400, "450"), (4, 500, ""), (5, 600, None)):
            house.clock.forward(seconds=200)
            await house.give(shillings)
            receipt = f"TKM{number}AAAAAA"
            if answer:
                await house.hear(callback(f"ws_CO_{number}", shillings=int(answer), receipt=receipt))
            elif answer is not None:
                await house.hear(callback(f"ws_CO_{number}", 1032))
        await treasury.send(1000)
        await treasury.result()
        await treasury.send(2000)
        await treasury.send(3000)
        await treasury.result(FLOAT_EMPTY)
        await treasury.request(4000)
        assert await house.use_cases.self_check.problems() == []
    return folder / "test.db"


@pytest.fixture
async def database(sound: Path, tmp_path: Path) -> AsyncIterator[InlineDatabase]:
    path = tmp_path / "test.db"
    path.write_bytes(sound.read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as past_the_rules:
        for verb in ("update", "delete"):
            past_the_rules.execute(f"DROP TRIGGER postings_no_{verb}")
        for guard in GUARDS:
            past_the_rules.execute(f"DROP TRIGGER {guard.name}")
    database = InlineDatabase(path)
    yield database
    await database.close()


def plant(database: InlineDatabase, statements: list[str]) -> None:
    with closing(sqlite3.connect(str(database._engine.url.database), isolation_level=None)) as past_the_rules:
        for statement in statements:
            past_the_rules.execute(statement)


def all_in_all(conn: Connection) -> list[str]:
    return selfcheck.problems(conn, VAULT)


def late(conn: Connection) -> list[str]:
    """What is found every ten minutes, also of what was posted and settled long ago."""
    return selfcheck.wrong_of_late(conn, VAULT, LONG_AFTER)


async def test_nothing_is_wrong_with_what_nobody_touched(database: InlineDatabase) -> None:
    assert (await database.read(all_in_all), await database.read(late)) == ([], [])


@pytest.mark.parametrize("what", PLANTED)
async def test_it_is_found_and_named(database: InlineDatabase, what: str) -> None:
    statements, sentence = PLANTED[what]
    plant(database, statements)
    found = await database.read(all_in_all)
    assert any(problem.startswith(sentence) for problem in found), found
    assert await database.read(late), "not within ten minutes"


@pytest.mark.parametrize(
    ("statements", "status"),
    [
        (
            [
                "UPDATE postings SET minor = minor * 2 WHERE cause = 'donation:2'",
                "UPDATE donations SET amount_minor = 60000 WHERE id = 2",
                *moved("outside", "campaign:1", 30_000),
            ],
            "completed",
        ),
        (
            [
                "DELETE FROM postings WHERE cause = 'donation:2'",
                "UPDATE donations SET status = 'failed' WHERE id = 2",
                *moved("outside", "campaign:1", -30_000),
            ],
            "failed",
        ),
    ],
)
async def test_old_books_that_agree_with_each_other_but_not_with_mpesas_word_are_found_within_a_day(
    database: InlineDatabase, statements: list[str], status: str
) -> None:
    plant(database, statements)
    found = await database.read(lambda conn: selfcheck.wrong_in_detail(conn, VAULT))
    assert found == [f"donation 2 is {status}, but M-Pesa's word was credited otherwise"]


async def test_evidence_that_nothing_is_going_to_weigh_is_found(database: InlineDatabase) -> None:
    plant(database, ["UPDATE evidence SET verdict = NULL WHERE payment_kind = 'donation' AND payment_id IN (4, 5)"])
    assert await database.read(all_in_all) == ["1 pieces of evidence wait, and nothing is going to weigh them"]
