"""Hundreds of rows in one statement, the same on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from storage import bulk
from storage.database import Database
from storage.tables import donors, facts, telegram_updates

u = telegram_updates.c
MORNING = datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC)


def update_row(number: int, body: bytes = b"sealed") -> dict[str, Any]:
    return {"update_id": number, "body_sealed": body, "received_at": MORNING + timedelta(microseconds=number)}


async def test_rows_come_back_as_they_were_given_in_the_order_of_the_key(database: Database) -> None:
    rows = [update_row(number, bytes([number])) for number in (3, 1, 2)]

    def store_and_read(conn: Connection) -> list[tuple[Any, ...]]:
        bulk.insert(conn, telegram_updates, rows)
        return bulk.select(conn, (u.received_at, u.body_sealed), u.update_id, [2, 3, 99], lock=True)

    found = await database.write(store_and_read)
    assert found == [(MORNING + timedelta(microseconds=n), bytes([n])) for n in (2, 3)]


async def test_more_rows_than_fit_in_one_statement_are_all_stored(database: Database) -> None:
    rows = [update_row(number) for number in range(3 * bulk.ROWS_AT_ONCE + 1)]
    await database.write(lambda conn: bulk.insert(conn, telegram_updates, rows))
    count = select(func.count()).select_from(telegram_updates)
    assert await database.read(lambda conn: conn.scalar(count)) == len(rows)


async def test_nothing_at_all_is_no_statement(database: Database) -> None:
    def with_nothing(conn: Connection) -> list[tuple[Any, ...]]:
        bulk.insert(conn, telegram_updates, [])
        bulk.update(conn, telegram_updates, [])
        return bulk.select(conn, (u.update_id,), u.update_id, [])

    assert await database.write(with_nothing) == []


async def test_an_update_changes_the_named_columns_of_the_named_rows(database: Database) -> None:
    def change(conn: Connection) -> list[tuple[Any, ...]]:
        people = [{"id": n, "chat_id": n, "language": "en", "created_at": MORNING} for n in (1, 2, 3)]
        bulk.insert(conn, donors, people)
        silent = {"id": 1, "language": None, "unreachable_since": None}
        bulk.update(conn, donors, [silent, {"id": 3, "language": "sw", "unreachable_since": MORNING}])
        return bulk.select(conn, (donors.c.language, donors.c.unreachable_since), donors.c.id, [1, 2, 3])

    assert await database.write(change) == [(None, None), ("en", None), ("sw", MORNING)]


async def test_what_a_conflict_does_is_said_by_the_caller(database: Database) -> None:
    first, second = {"name": "colour", "value": "red"}, {"name": "colour", "value": "blue"}
    await database.write(lambda conn: bulk.insert(conn, facts, [first]))
    await database.write(lambda conn: bulk.insert(conn, facts, [second], "ON CONFLICT DO NOTHING"))
    with pytest.raises(IntegrityError):
        await database.write(lambda conn: bulk.insert(conn, facts, [second]))
    assert await database.read(lambda conn: conn.scalar(select(facts.c.value))) == "red"
