"""Hundreds of rows in one statement: SQLite is given them as VALUES, PostgreSQL as one array a column.

A statement for each row costs several times as much, and on SQLite each hands the interpreter to another thread.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql

from storage.columns import Instant, microseconds, moment

Given = Mapping[str, Any]
ROWS_AT_ONCE = 500  # SQLite takes 32,766 parameters


def insert(conn: Connection, table: Table, rows: Sequence[Given], on_conflict: str = "") -> None:
    """All rows have the keys of the first."""
    for names, part in parts(rows):
        source, parameters = as_source(conn, table, names, part)
        conn.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(names)}) {source} {on_conflict}", parameters)


def update(conn: Connection, table: Table, rows: Sequence[Given]) -> None:
    """Sets each row's other keys where its first one has its value."""
    for names, part in parts(rows):
        key, *others = [f"{name} = given.column{n}" for n, name in enumerate(names, 1)]
        source, parameters = as_source(conn, table, names, part)
        statement = f"UPDATE {table.name} SET {', '.join(others)} FROM ({source}) AS given WHERE {table.name}.{key}"
        conn.exec_driver_sql(statement, parameters)


def select(
    conn: Connection, columns: Sequence[Column[Any]], key: Column[Any], values: Collection[Any], lock: bool = False
) -> list[tuple[Any, ...]]:
    """The rows whose key is one of the values, in the key's order; locked in that order, too."""
    if not values:
        return []
    names = ", ".join(column.name for column in columns)
    found = f"SELECT {names} FROM {key.table.name} WHERE {key.name}"
    if conn.dialect.name == "sqlite":
        rows = conn.exec_driver_sql(f"{found} IN ({', '.join('?' * len(values))}) ORDER BY {key.name}", tuple(values))
    else:
        one_of = f"{found} = ANY ($1::{sql_type(key)}[]) ORDER BY {key.name}{' FOR UPDATE' if lock else ''}"
        rows = conn.exec_driver_sql(one_of, (list(values),))
    by_column = [decoded(column, each) for column, each in zip(columns, zip(*rows, strict=True), strict=False)]
    return list(zip(*by_column, strict=True))


def parts(rows: Sequence[Given]) -> Iterator[tuple[tuple[str, ...], Sequence[Given]]]:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield tuple(rows[0]), rows[start : start + ROWS_AT_ONCE]


def as_source(
    conn: Connection, table: Table, names: Sequence[str], rows: Sequence[Given]
) -> tuple[str, tuple[Any, ...]]:
    """A query whose columns are column1, column2, …, and its parameters."""
    by_column = [encoded(table.c[name], [row[name] for row in rows]) for name in names]
    if conn.dialect.name == "sqlite":
        row = f"({', '.join('?' * len(names))})"
        return f"VALUES {', '.join([row] * len(rows))}", tuple(chain.from_iterable(zip(*by_column, strict=True)))
    arrays = ", ".join(f"${n}::{sql_type(table.c[name])}[]" for n, name in enumerate(names, 1))
    numbered = ", ".join(f"column{n}" for n in range(1, len(names) + 1))
    return f"SELECT * FROM unnest({arrays}) AS arrays({numbered})", tuple(by_column)


def encoded(column: Column[Any], values: list[Any]) -> list[Any]:
    return [microseconds(value) for value in values] if isinstance(column.type, Instant) else values


def decoded(column: Column[Any], values: Sequence[Any]) -> Sequence[Any]:
    return [moment(value) for value in values] if isinstance(column.type, Instant) else values


@cache
def sql_type(column: Column[Any]) -> str:
    return column.type.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
