"""One at a time, where no row stands for what is guarded."""

import hashlib

from sqlalchemy import Connection, text


def one_at_a_time(conn: Connection, name: str) -> None:
    """Until the end of the transaction, others that say the same name wait. SQLite has one writer at a time anyhow."""
    if conn.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
