"""What is not proven is kept for a while, for a person to look at, then forgotten. What is proven stays for ever."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar

from sqlalchemy import Connection, Select, delete, func, select

from fundraising.evidence.record import UNPROVEN, e
from fundraising.lanes import MPESA
from storage.database import Database
from storage.jobs import Job
from storage.tables import evidence

LOOK_EVERY = timedelta(hours=1)
AT_ONCE = 500  # rows: nobody else writes meanwhile
MOST_ROWS, MOST_BYTES = 10_000, 32 * 1024 * 1024  # in all, whatever their age
is_unproven = e.verdict.in_(UNPROVEN)


@dataclass(frozen=True)
class ForgetHints(Job):
    """Staged by each hint that is kept, for soon: there may be too many."""

    lane: ClassVar = MPESA


class Retention:
    def __init__(self, database: Database, now: Callable[[], datetime], hints: timedelta):
        self._database, self._now, self._hints = database, now, hints

    async def forget(self, _job: ForgetHints, _attempt: int) -> datetime | None:
        """The job. A part in each transaction, so that no callback waits for it; it comes back for the next too old."""
        for find in (too_old(self._now() - self._hints), too_many(), too_large()):
            while await self._database.write(partial(drop, find=find)):
                pass
        oldest = await self._database.read(oldest_of)
        return oldest and max(oldest + self._hints, self._now()) + LOOK_EVERY


def too_old(before: datetime) -> Select[int]:
    return select(e.id).where(is_unproven, e.received_at < before).limit(AT_ONCE)


def too_many() -> Select[int]:
    newest_first = (e.received_at.desc(), e.id.desc())
    return select(e.id).where(is_unproven).order_by(*newest_first).limit(AT_ONCE).offset(MOST_ROWS)


def too_large() -> Select[int]:
    newest_first = (e.received_at.desc(), e.id.desc())
    together = func.sum(func.length(e.body_sealed)).over(order_by=newest_first)
    sizes = select(e.id, together.label("size")).where(is_unproven).subquery()
    return select(sizes.c.id).where(sizes.c.size > MOST_BYTES).limit(AT_ONCE)


def drop(conn: Connection, find: Select[int]) -> int:
    return conn.execute(delete(evidence).where(e.id.in_(find.scalar_subquery()))).rowcount


def oldest_of(conn: Connection) -> datetime | None:
    return conn.scalar(select(func.min(e.received_at)).where(is_unproven))
