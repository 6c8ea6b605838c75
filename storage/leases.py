"""What only one replica may do at a time. Money never depends on it: a replica that stood still may not know yet that
its lease has ended, and clocks differ."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_
from sqlalchemy.dialects.postgresql import insert as insert_or_update  # prints right on SQLite too

from storage.tables import leases

c = leases.c


def take(conn: Connection, name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Taken when it is free or has ended, prolonged when it is ours."""
    asked = insert_or_update(leases).values(name=name, holder=holder, until=now + length)
    free = or_(c.holder == holder, c.until < now)
    new = {"holder": asked.excluded.holder, "until": asked.excluded.until}
    taken = asked.on_conflict_do_update(index_elements=["name"], set_=new, where=free).returning(c.name)
    return conn.scalar(taken) is not None


def release(conn: Connection, name: str, holder: str) -> None:
    conn.execute(delete(leases).where(c.name == name, c.holder == holder))
