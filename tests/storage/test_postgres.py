"""Conflicts are tried again, a lost connection is replaced, a caller who goes away changes nothing."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import await_only

from storage.postgres import PostgresDatabase
from storage.tables import facts
from tests.databases import PostgresServer
from tests.storage.rows import count, put, put_and_fail, stored

LOCKED = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'trustvoice' AND wait_event_type = 'Lock'"
DROP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'trustvoice'"


@pytest.fixture
async def rival(postgresql: PostgresDatabase, postgres: PostgresServer) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else at the same database; it is never the one whom PostgreSQL picks to end a deadlock."""
    name = postgresql._engine.url.database
    connection = await asyncpg.connect(host=postgres.folder, user="postgres", database=name)
    await connection.execute("SET deadlock_timeout = '30s'")
    yield connection
    await connection.close()


async def someone_waits_for_a_lock(rival: asyncpg.Connection) -> None:
    async with asyncio.timeout(20):
        while not await rival.fetchval(LOCKED):
            pass


def set_value(conn: Connection, name: str, value: str) -> None:
    conn.execute(update(facts).where(facts.c.name == name).values(value=value))


async def test_a_deadlock_is_tried_again(postgresql: PostgresDatabase, rival: asyncpg.Connection) -> None:
    await postgresql.write(put("a", "b"))
    tries, rival_has_b = [], asyncio.Event()

    def lock_a_then_b(conn: Connection) -> None:
        tries.append(1)
        set_value(conn, "a", "ours")
        if len(tries) == 1:
            await_only(rival.execute("BEGIN; UPDATE facts SET value = 'theirs' WHERE name = 'b'"))
            rival_has_b.set()
        set_value(conn, "b", "ours")

    ours = asyncio.create_task(postgresql.write(lock_a_then_b))
    await rival_has_b.wait()
    await someone_waits_for_a_lock(rival)
    await rival.execute("UPDATE facts SET value = 'theirs' WHERE name = 'a'; COMMIT")
    await ours
    assert len(tries) == 2
    assert await postgresql.read(lambda conn: list(conn.scalars(select(facts.c.value)))) == ["ours", "ours"]


async def test_a_serialization_conflict_is_tried_again(postgresql: PostgresDatabase, rival: asyncpg.Connection) -> None:
    await postgresql.write(put("a"))
    seen = []

    def read_then_change(conn: Connection) -> None:
        conn.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        seen.append(conn.scalar(select(facts.c.value)))
        if len(seen) == 1:
            await_only(rival.execute("UPDATE facts SET value = '2'"))
        set_value(conn, "a", f"{seen[-1]}+1")

    await postgresql.write(read_then_change)
    assert seen == ["1", "2"]
    assert await postgresql.read(lambda conn: conn.scalar(select(facts.c.value))) == "2+1"


async def test_a_conflict_without_end_is_raised_after_five_tries(postgresql: PostgresDatabase) -> None:
    tries = []

    def conflict(conn: Connection) -> None:
        tries.append(1)
        put("a")(conn)
        conn.execute(text("DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$"))

    with pytest.raises(DBAPIError, match="conflict"):
        await postgresql.write(conflict)
    assert len(tries) == 5
    assert await stored(postgresql) == []


async def test_any_other_error_is_raised_at_once(postgresql: PostgresDatabase) -> None:
    tries = []

    def divide(conn: Connection) -> None:
        tries.append(1)
        conn.execute(text("SELECT 1/0"))

    with pytest.raises(DBAPIError, match="division by zero"):
        await postgresql.write(divide)
    assert len(tries) == 1


async def test_nothing_of_a_failed_closure_is_stored_and_its_neighbours_are(postgresql: PostgresDatabase) -> None:
    answers = await asyncio.gather(
        postgresql.write(put("a")), postgresql.write(put_and_fail("b")), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [type(None), LookupError]
    assert await stored(postgresql) == ["a"]


async def test_after_the_server_dropped_every_connection_the_next_write_and_read_work(
    postgresql: PostgresDatabase, rival: asyncpg.Connection
) -> None:
    await asyncio.gather(*[postgresql.write(put(f"n{n}")) for n in range(8)])
    await rival.fetch(DROP)
    await postgresql.write(put("after"))
    await rival.fetch(DROP)
    assert await count(postgresql) == 9


async def test_a_connection_lost_in_the_middle_is_raised_and_stores_nothing(
    postgresql: PostgresDatabase, rival: asyncpg.Connection
) -> None:
    def lose_it(conn: Connection) -> None:
        put("a")(conn)
        await_only(rival.fetch(DROP))
        put("b")(conn)

    with pytest.raises(DBAPIError):
        await postgresql.write(lose_it)
    assert await stored(postgresql) == []


async def test_cancelling_the_caller_does_not_cancel_the_commit_and_closing_waits_for_it(
    postgresql: PostgresDatabase, rival: asyncpg.Connection
) -> None:
    await rival.execute("BEGIN; LOCK TABLE facts")
    caller = asyncio.create_task(postgresql.write(put("a")))
    await someone_waits_for_a_lock(rival)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    closing = asyncio.create_task(postgresql.close())
    await rival.execute("COMMIT")
    await closing
    assert await rival.fetchval("SELECT name FROM facts") == "a"


async def test_no_statement_and_no_lock_is_waited_for_without_end(postgresql: PostgresDatabase) -> None:
    def show(conn: Connection) -> list[str]:
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "timezone")
        return [conn.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names]

    assert await postgresql.write(show) == ["30s", "10s", "5s", "UTC"]


async def test_a_read_sees_one_moment(postgresql: PostgresDatabase, rival: asyncpg.Connection) -> None:
    await postgresql.write(put("a"))

    def look_twice(conn: Connection) -> tuple[str | None, str | None]:
        before = conn.scalar(select(facts.c.value))
        await_only(rival.execute("UPDATE facts SET value = 'changed'"))
        return before, conn.scalar(select(facts.c.value))

    assert await postgresql.read(look_twice) == ("1", "1")
