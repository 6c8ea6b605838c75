"""One holder at a time, until it lets go or its time is up."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from storage import leases
from storage.database import Database

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LENGTH = timedelta(seconds=15)


async def take(database: Database, holder: str, seconds: int) -> bool:
    def fn(conn: Connection) -> bool:
        return leases.take(conn, "telegram", holder, NOON + timedelta(seconds=seconds), LENGTH)

    return await database.write(fn)


async def test_the_first_takes_it_and_prolongs_it_and_nobody_else_gets_it(database: Database) -> None:
    assert await take(database, "a", 0)
    assert not await take(database, "b", 1)
    assert await take(database, "a", 14)
    assert not await take(database, "b", 16)


async def test_when_its_time_is_up_another_takes_it_and_the_first_knows(database: Database) -> None:
    assert await take(database, "a", 0)
    assert await take(database, "b", 16)
    assert not await take(database, "a", 17)


async def test_who_lets_go_hands_it_on_at_once_but_only_its_own(database: Database) -> None:
    assert await take(database, "a", 0)
    await database.write(lambda conn: leases.release(conn, "telegram", "b"))
    assert not await take(database, "b", 1)
    await database.write(lambda conn: leases.release(conn, "telegram", "a"))
    assert await take(database, "b", 1)
