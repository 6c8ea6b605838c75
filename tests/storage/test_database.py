"""What every database promises, whichever it is."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import OperationalError

from storage.database import Database, announce_work
from storage.tables import facts
from tests.storage.rows import count, put, put_and_fail, stored


async def test_a_write_returns_what_its_closure_returns(database: Database) -> None:
    assert await database.write(lambda conn: conn.scalar(text("SELECT 42"))) == 42


async def test_a_closure_that_fails_raises_to_its_caller_and_stores_nothing(database: Database) -> None:
    with pytest.raises(LookupError, match="a"):
        await database.write(put_and_fail("a"))
    assert await stored(database) == []


async def test_what_is_written_inside_a_read_is_not_kept(database: Database) -> None:
    with suppress(OperationalError):  # SQLite's readers refuse, the others forget
        await database.read(put("a"))
    assert await count(database) == 0


async def test_writers_at_once_that_change_one_row_lose_no_change(database: Database) -> None:
    await database.write(put("counter"))
    row = select(facts.c.value).where(facts.c.name == "counter").with_for_update()

    def add_one(conn: Connection) -> None:
        value = int(conn.scalar(row) or 0)
        conn.execute(update(facts).values(value=str(value + 1)))

    await asyncio.gather(*[database.write(add_one) for _ in range(40)])
    assert await database.read(lambda conn: conn.scalar(row)) == "41"


async def test_only_a_commit_that_announces_work_wakes_who_waits_for_it(database: Database) -> None:
    work = database.next_work()
    await database.write(put("a"))
    assert not work.is_set()
    await database.write(announce_work)
    assert work.is_set()
    assert not database.next_work().is_set()


async def test_work_that_was_announced_and_taken_back_wakes_nobody(database: Database) -> None:
    def announce_and_fail(conn: Connection) -> None:
        announce_work(conn)
        raise LookupError

    work = database.next_work()
    with pytest.raises(LookupError):
        await database.write(announce_and_fail)
    await database.write(put("a"))
    assert not work.is_set()
