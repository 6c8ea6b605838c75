"""Hundreds of rows in one statement: SQLite is given them as VALUES, PostgreSQL as one array a column.

A statement for each row costs several times as much, and on SQLite each hands the interpreter to another thread.
Statements are put together from the names of tables and columns; values are always parameters.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, LargeBinary, Table
from sqlalchemy.dialects import postgresql

from storage.columns import Instant, microseconds, moment

Given = Mapping[str, Any]
ROWS_AT_ONCE = 500  # SQLite takes 32,766 parameters


def insert(conn: Connection, table: Table, rows: Sequence[Given], on_conflict: str = "") -> None:
    """All rows have the keys of the first. On PostgreSQL one statement cannot touch the same row twice."""
    for names, part in parts(rows):
        source, parameters = as_source(conn, table, names, part)
        conn.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(names)}) {source} {on_conflict}", parameters)


def update(conn: Connection, table: Table, rows: Sequence[Given]) -> None:
    """Sets each row's other keys where its first one has its value."""
    for names, part in parts(rows):
        source, parameters = as_source(conn, table, names, part)
        key, *others = [f"{name} = given.column{n}" for n, name in enumerate(names, 1)]
        where = f"FROM ({source}) AS given WHERE {table.name}.{key}"
        conn.exec_driver_sql(f"UPDATE {table.name} SET {', '.join(others)} {where}", parameters)  # noqa: S608 names


def select(
    conn: Connection, columns: Sequence[Column[Any]], key: Column[Any], values: Collection[Any], lock: bool = False
) -> list[tuple[Any, ...]]:
    """The rows whose key is one of the values, in the key's order; locked in that order, too."""
    if not values:
        return []
    rows = (
        sqlite_rows(conn, columns, key, values) if on_sqlite(conn) else postgres_rows(conn, columns, key, values, lock)
    )
    by_column = [decoded(column, [row[n] for row in rows]) for n, column in enumerate(columns)]
    return list(zip(*by_column, strict=True))


def postgres_rows(
    conn: Connection, columns: Sequence[Column[Any]], key: Column[Any], values: Collection[Any], lock: bool
) -> Sequence[Sequence[Any]]:
    found = f"SELECT {', '.join(column.name for column in columns)} FROM {key.table.name}"  # noqa: S608 names
    one_of = f"{found} WHERE {key.name} = ANY ($1::{sql_type(key)}[]) ORDER BY {key.name}"
    return conn.exec_driver_sql(f"{one_of} FOR UPDATE" if lock else one_of, (list(values),)).all()


def sqlite_rows(
    conn: Connection, columns: Sequence[Column[Any]], key: Column[Any], values: Collection[Any]
) -> Sequence[Sequence[Any]]:
    """All as one row of JSON: each row that is fetched hands the interpreter to another thread."""
    fields = ", ".join(as_json(column) for column in columns)
    one_of = f"{key.name} IN ({', '.join('?' * len(values))}) ORDER BY {key.name}"
    found = f"SELECT json_group_array(json_array({fields})) FROM (SELECT * FROM {key.table.name} WHERE {one_of})"  # noqa: S608 names
    rows: list[list[Any]] = msgspec.json.decode(conn.exec_driver_sql(found, tuple(values)).scalar_one())
    return rows


def parts(rows: Sequence[Given]) -> Iterator[tuple[tuple[str, ...], Sequence[Given]]]:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield tuple(rows[0]), rows[start : start + ROWS_AT_ONCE]


def as_source(
    conn: Connection, table: Table, names: Sequence[str], rows: Sequence[Given]
) -> tuple[str, tuple[Any, ...]]:
    """A query whose columns are column1, column2, …, and its parameters."""
    by_column = [encoded(table.c[name], [row[name] for row in rows]) for name in names]
    if on_sqlite(conn):
        row = f"({', '.join('?' * len(names))})"
        return f"VALUES {', '.join([row] * len(rows))}", tuple(chain.from_iterable(zip(*by_column, strict=True)))
    arrays = ", ".join(f"${n}::{sql_type(table.c[name])}[]" for n, name in enumerate(names, 1))
    numbered = ", ".join(f"column{n}" for n in range(1, len(names) + 1))
    return f"SELECT * FROM unnest({arrays}) AS arrays({numbered})", tuple(by_column)  # noqa: S608 names


def encoded(column: Column[Any], values: list[Any]) -> list[Any]:
    return [microseconds(value) for value in values] if isinstance(column.type, Instant) else values


def decoded(column: Column[Any], values: list[Any]) -> list[Any]:
    if isinstance(column.type, Instant):
        return [moment(value) for value in values]
    if isinstance(column.type, LargeBinary):
        return [bytes.fromhex(value) if isinstance(value, str) else value for value in values]
    return values


def as_json(column: Column[Any]) -> str:
    """JSON has no bytes: they come in hex."""
    blob = isinstance(column.type, LargeBinary)
    return f"CASE WHEN {column.name} IS NOT NULL THEN hex({column.name}) END" if blob else column.name


def on_sqlite(conn: Connection) -> bool:
    return conn.dialect.name == "sqlite"


@cache
def sql_type(column: Column[Any]) -> str:
    return column.type.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
