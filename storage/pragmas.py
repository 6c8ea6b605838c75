"""How every SQLite connection is set, and read back: an unsafe setting must not start."""

from typing import Any

from sqlalchemy import Connection, Engine, event

SAFE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000, "trusted_schema": 0}
CACHE_KIB = 65_536
WRITER = {"wal_autocheckpoint": 0}  # until this process is the one that runs on the file
CHECKPOINTER = "PRAGMA wal_autocheckpoint=4000"  # pages; a callback at a time, a page is written to often before that
READER = {"wal_autocheckpoint": 0, "query_only": 1}


class UnsafeSetting(Exception):
    pass


def set_pragmas(engine: Engine, extra: dict[str, int], begin: str) -> None:
    """Every new connection gets SAFE and `extra`; transactions start with `begin`.

    Only one connection may write or checkpoint: SQLite before 3.51.3 can corrupt the WAL when two do so at once.
    """
    event.listen(engine, "connect", lambda dbapi, _record: _apply(dbapi, SAFE | extra))
    event.listen(engine, "begin", lambda conn: _execute(conn, begin))


def _execute(conn: Connection, statement: str) -> None:
    """Past what SQLAlchemy does for statements with parameters and results: it would take longer than the rest."""
    cursor = conn.connection.cursor()
    cursor.execute(statement)
    cursor.close()


def _apply(dbapi: Any, wanted: dict[str, Any]) -> None:
    dbapi.isolation_level = None  # the driver begins nothing by itself
    cursor = dbapi.cursor()
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    for name, value in wanted.items():
        cursor.execute(f"PRAGMA {name}={value}")
        cursor.execute(f"PRAGMA {name}")
        [[found]] = cursor.fetchall()
        if found != value:
            raise UnsafeSetting(f"SQLite's {name} is {found}, not {value}: the database's disk does not support it")
    cursor.close()
