"""Whoever can write the database, triggers and all, but has not the key, redirects no payout unnoticed."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace
from sqlalchemy import Column, LargeBinary, Text, select, text

from fundraising.audit.watch import CheckBooks
from fundraising.journal import encode
from fundraising.paying.intents import of_payment
from fundraising.paying.tasks import RebuildPayment, SendPayout
from fundraising.people.api_keys import KeyRole, hash_of
from fundraising.people.news import TellFrozen
from fundraising.people.roles import Role
from fundraising.refusals import PayoutAltered
from fundraising.statuses import PayoutStatus
from mpesa.msisdn import Msisdn
from storage.database import Database
from storage.guards import GUARDS, ORDER
from storage.jobs import add as add_jobs
from storage.payout_tables import approvals, payouts
from storage.sqlite import SqliteDatabase
from storage.tables import jobs
from tests.databases import PostgresServer, opened
from tests.fundraising.house import House
from tests.fundraising.treasury import CHECKER, MAKER, OWNER, Treasury

STATE = {  # what moves on with a payout; none of it says whom, or how much, to pay
    *("status", "status_message", "needs_review", "version", "receipt", "decided_at", "decided_by", "completed_at"),
    *("note_sealed", "mpesa_name_sealed"),
}
ORDERED = [column.name for column in payouts.c if column.name not in STATE]
NAMES_A_ROW = {"payouts.id", "approvals.payout_id"}  # changed, it is another payout's: this one is only not sent
THEIRS, OURS = Msisdn.parse("0799999999"), Msisdn.parse("0712345678")


class Attacker:
    def __init__(self, database: Database, postgres: PostgresServer | None):
        self._database, self._postgres = database, postgres

    async def executes(self, *statements: str) -> None:
        if isinstance(self._database, SqliteDatabase):
            with closing(sqlite3.connect(self._database.path, isolation_level=None)) as past_the_rules:
                for guard in GUARDS:
                    past_the_rules.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
                for statement in statements:
                    past_the_rules.execute(statement)
        else:
            assert self._postgres
            name = await self._database.read(lambda conn: conn.scalar(text("SELECT current_database()")))
            conn = await asyncpg.connect(host=self._postgres.folder, user="postgres", database=str(name))
            await conn.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
            for statement in statements:
                await conn.execute(statement.replace("X'", "'\\x"))
            await conn.close()


@pytest.fixture(params=["sqlite", "postgres"])
async def both(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Treasury, Attacker]]:
    """Payout 1 is asked for, to the attacker's number; payout 2 is approved, and about to be sent."""
    postgres = request.getfixturevalue("postgres") if request.param == "postgres" else None
    async with opened(request.param, tmp_path, postgres) as database:
        treasury = await Treasury(await House(database).open()).open()
        await treasury.request(900, phone=THEIRS)
        await treasury.approve(await treasury.request(1000, phone=OURS))
        yield treasury, Attacker(database, postgres)


async def other_value(treasury: Treasury, column: Column[Any], which: str) -> str:
    """As SQL: of the first payout, or just another."""
    database, table = treasury.house.database, column.table
    query = f"SELECT {column.name} FROM {table.name} WHERE {which}"
    now = await database.read(lambda conn: conn.scalar(text(query)))
    if isinstance(column.type, LargeBinary):
        first = select(column).where(payouts.c.id == 1) if table is payouts else None
        others = await database.read(lambda conn: conn.scalar(first)) if first is not None else None
        return f"X'{(others or b'spoilt').hex()}'"
    if isinstance(column.type, Text):
        return f"'{now}x'"
    return "1" if column is approvals.c.payout_id else str((now or 0) + 10)


async def told(treasury: Treasury) -> set[str]:
    found = await treasury.house.database.read(lambda conn: conn.scalars(select(jobs.c.kind)).all())
    return set(found)


def test_each_column_of_a_payout_is_of_the_order_or_of_its_state() -> None:
    assert set(ORDER) == set(ORDERED), "say of a new column which: order_mac, storage/guards.py or STATE here"


CHANGES = [(payouts, name, "id = 2") for name in ORDERED] + [
    (approvals, column.name, "payout_id = 2") for column in approvals.c
]


@pytest.mark.parametrize(("table", "name", "which"), CHANGES, ids=lambda value: str(value) if value != "id = 2" else "")
async def test_a_changed_column_is_not_sent_but_frozen_and_told(
    both: tuple[Treasury, Attacker], table: Any, name: str, which: str
) -> None:
    treasury, attacker = both
    value = await other_value(treasury, table.c[name], which)
    await attacker.executes(f"UPDATE {table.name} SET {name} = {value} WHERE {which}")
    problems = await treasury.house.use_cases.self_check.problems()
    assert any(problem.startswith(("payout 2 is not", "the approval of payout 2")) for problem in problems) or (
        f"{table.name}.{name}" in NAMES_A_ROW and problems
    )
    await treasury.house.work()
    if f"{table.name}.{name}" in NAMES_A_ROW:
        await treasury.house.use_cases.books_watch.check(CheckBooks(), 1)
    else:
        assert "payout 2" in str(await treasury.frozen())
    assert treasury.house.payouts.sent == []
    assert await treasury.frozen()
    assert TellFrozen.__name__ in await told(treasury)


async def test_what_nobody_changed_is_sent(both: tuple[Treasury, Attacker]) -> None:
    treasury, _ = both
    await treasury.house.work()
    assert [payment.phone for payment in treasury.house.payouts.sent] == [OURS]
    assert await treasury.house.use_cases.self_check.problems() == []


async def test_a_request_changed_before_it_is_agreed_to_is_refused_and_freezes(
    both: tuple[Treasury, Attacker],
) -> None:
    treasury, attacker = both
    await attacker.executes("UPDATE payouts SET amount_minor = amount_minor * 10 WHERE id = 1")
    with pytest.raises(PayoutAltered):
        await treasury.house.use_cases.paying.approvals.approve(1, CHECKER)
    assert "payout 1" in str(await treasury.frozen())
    assert (await treasury.payout(1)).status is PayoutStatus.PENDING


async def test_an_approval_written_by_hand_sends_nothing(both: tuple[Treasury, Attacker]) -> None:
    treasury, attacker = both
    await treasury.house.work()
    await attacker.executes(
        "UPDATE payouts SET status = 'approved', version = 2 WHERE id = 1",
        "INSERT INTO approvals (payout_id, requester_id, approver_id, created_at, mac) "
        f"SELECT 1, {MAKER}, {CHECKER}, created_at, mac FROM approvals WHERE payout_id = 2",
        "INSERT INTO jobs (lane, kind, payload, run_at, attempt) "
        f"""VALUES ('{SendPayout.lane}', 'SendPayout', '{{"payout_id":1,"version":2,"batch_id":null}}', 0, 0)""",
    )
    await treasury.house.work()
    assert [payment.phone for payment in treasury.house.payouts.sent] == [OURS]
    assert "payout 1" in str(await treasury.frozen())


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("INSERT INTO roles (person_id, role, since) VALUES (1, 'owner', 0)", "person 1 has the role owner"),
        (f"UPDATE roles SET since = 1 WHERE person_id = {CHECKER}", f"person {CHECKER} has the role checker"),
        (f"UPDATE accounts SET chat_id = 666 WHERE person_id = {OWNER}", "the Telegram account 666 of person 4"),
        (f"UPDATE accounts SET person_id = {OWNER} WHERE chat_id = 1001", "the Telegram account 1001 of person 4"),
        ("UPDATE api_keys SET role = 'owner'", "API key 1 of person 4 is not as it was made"),
        (f"UPDATE api_keys SET key_hash = X'{hash_of('mine').hex()}'", "API key 1 of person 4"),
        ("UPDATE api_keys SET expires_at = NULL", "API key 1 of person 4"),
    ],
)
async def test_who_has_a_grant_written_by_hand_has_no_role_and_the_books_do_not_hold(
    both: tuple[Treasury, Attacker], statement: str, sentence: str
) -> None:
    treasury, attacker = both
    use_cases = treasury.house.use_cases
    await use_cases.api_keys.create("key", "website", KeyRole.VIEWER, OWNER, timedelta(days=30))
    await attacker.executes(statement)
    found = await use_cases.self_check.problems()
    assert any(problem.startswith(sentence) for problem in found), found
    for chat in (666, 1001):
        person = await use_cases.staff.of_chat(chat)
        assert person is None or Role.OWNER not in person.roles
    for key in ("key", "mine"):
        known = await use_cases.api_keys.recognise(key)
        assert known is None or not known.may(Role.VIEWER) or "API key" not in sentence
    await use_cases.books_watch.check(CheckBooks(), 1)
    assert await treasury.frozen()


async def test_a_job_written_by_hand_that_makes_a_payment_again_freezes_sending(
    both: tuple[Treasury, Attacker],
) -> None:
    treasury, _ = both
    house = treasury.house
    await house.work()
    payout, [attempt] = await treasury.payout(2), await treasury.attempts(2)
    seen = await house.database.read(lambda conn: of_payment(conn, house.vault, payout, attempt, b"t" * 32))
    made_up = RebuildPayment(encode(replace(seen, amount_minor=5_000_000)).decode())
    await house.database.write(lambda conn: add_jobs(conn, [made_up], house.clock()))
    await house.work()
    assert await treasury.frozen()
    assert (await treasury.payout(2)).amount == payout.amount


async def test_the_yes_of_somebody_whose_role_was_written_by_hand_does_not_count(
    both: tuple[Treasury, Attacker],
) -> None:
    treasury, attacker = both
    await treasury.house.use_cases.staff.add(1009, "Viewer", Role.VIEWER, by=None)
    await attacker.executes("INSERT INTO roles (person_id, role, since) VALUES (6, 'checker', 0)")
    decided = await treasury.house.use_cases.paying.approvals.approve(1, 6)
    assert decided.status is PayoutStatus.PENDING


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payouts SET amount_minor = 5 WHERE id = 2",
        "UPDATE payouts SET phone_sealed = (SELECT phone_sealed FROM payouts WHERE id = 1) WHERE id = 2",
        "DELETE FROM payouts WHERE id = 1",
        "UPDATE approvals SET approver_id = 3",
        "DELETE FROM approvals",
        "UPDATE attempts SET originator_id = 'X'",
        "DELETE FROM attempts",
        "UPDATE evidence SET body_sealed = NULL",
        "DELETE FROM evidence",
    ],
)
async def test_the_database_itself_refuses_it(both: tuple[Treasury, Attacker], statement: str) -> None:
    treasury, _ = both
    await treasury.house.work()
    with pytest.raises(Exception, match=r"never|stays what it was"):
        await treasury.house.database.write(lambda conn: conn.execute(text(statement)).rowcount)


async def test_guards_that_were_taken_down_are_put_up_at_the_next_start(both: tuple[Treasury, Attacker]) -> None:
    treasury, attacker = both
    if isinstance(treasury.house.database, SqliteDatabase):
        await attacker.executes()
    else:
        await attacker.executes("DROP TRIGGER payouts_no_update ON payouts")
    await treasury.house.database.migrate()
    with pytest.raises(Exception, match="never changed"):
        await treasury.house.database.write(
            lambda conn: conn.execute(text("UPDATE payouts SET currency = 'X'")).rowcount
        )
