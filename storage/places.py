"""Where a sealed value lies. The vault binds it to there: moved to another row, column or table, it does not open."""

from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Table, func, select, text


def place(column: Column[Any], row: object) -> bytes:
    """`row`: what names it for ever: its id, or another unique column that never changes."""
    return f"{of_column(column)}:{row}".encode()


@cache
def of_column(column: Column[Any]) -> str:
    return f"{column.table.name}.{column.name}"


def body_of_evidence(key: bytes) -> bytes:
    """By what the evidence says, not by the table that keeps it."""
    return b"evidence.body:" + key


def next_id(conn: Connection, table: Table) -> int:
    """Of the row that is going to be inserted: what is sealed in it is bound to it."""
    return next_ids(conn, table, 1)[0]


def next_ids(conn: Connection, table: Table, count: int) -> list[int]:
    if conn.dialect.name == "postgresql":
        counter = func.nextval(func.pg_get_serial_sequence(text(f"'{table.name}'"), text("'id'")))
        return list(conn.scalars(select(counter).select_from(func.generate_series(1, count).table_valued())))
    last = conn.scalar(select(func.max(table.c.id))) or 0  # whoever writes holds the file
    return list(range(last + 1, last + 1 + count))
