"""Work to be done later: a row written by the transaction that causes it.

A claim pushes run_at past the lease and counts the attempt, so a dead worker's job comes due by itself. Both are the
fencing token: only the latest claim can finish or postpone a job, and only if the same work was not added meanwhile.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import msgspec
from sqlalchemy import Connection, bindparam, delete, exists, func, or_, select, update

from storage import bulk
from storage.database import announce_work
from storage.tables import jobs

j = jobs.c
earlier = jobs.alias("earlier")

# The statements of every look for work are built once: building one takes longer than running it.
HELD_BACK = exists().where(earlier.c.turn == j.turn, earlier.c.id < j.id, earlier.c.run_at.is_not(None))
DUE = (
    select(j.id)
    .where(
        j.lane == bindparam("of_lane"),
        j.kind.in_(bindparam("kinds", expanding=True)),
        j.run_at <= bindparam("now"),
        or_(j.turn.is_(None), ~HELD_BACK),
    )
    .order_by(j.run_at, j.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)  # SQLite needs none and prints none
    .cte("due")
)
CLAIM = (
    update(jobs)
    .where(j.id.in_(select(DUE.c.id)))
    .values(run_at=bindparam("until"), attempt=j.attempt + 1)
    .returning(j.id, j.kind, j.payload, j.attempt, j.run_at)
)
STILL_HELD = j.id == bindparam("held"), j.attempt == bindparam("as_attempt"), j.run_at == bindparam("held_until")
FINISH = delete(jobs).where(*STILL_HELD)
POSTPONE = update(jobs).where(*STILL_HELD).values(run_at=bindparam("again_at"))
NEXT_DUE = select(func.min(j.run_at)).where(j.lane == bindparam("of_lane"), j.run_at.is_not(None))
HASTEN = """ON CONFLICT (kind, payload) DO UPDATE
    SET run_at = excluded.run_at, attempt = CASE WHEN jobs.run_at IS NULL THEN 0 ELSE jobs.attempt END
    WHERE jobs.run_at IS NULL OR jobs.run_at > excluded.run_at"""


class Job:
    """Base of the frozen dataclasses that name work; their fields fit in JSON. A lane has workers of its own."""

    lane: ClassVar[str]
    takes: ClassVar[timedelta] = timedelta()  # it may take so long, where a lease is shorter

    @property
    def turn(self) -> str | None:
        """Jobs of the same turn run one at a time, in the order in which they were added. None: no such order."""
        return None


@dataclass(frozen=True)
class Claim:
    id: int
    kind: str
    payload: dict[str, Any]
    attempt: int
    leased_until: datetime


def add(conn: Connection, work: Iterable[Job], run_at: datetime) -> None:
    """The same work that still waits is not added again (a flood of hints is one question) but may run sooner.

    What is running runs once more: it may have looked before this was added. What was given up begins afresh.
    """
    add_stored(conn, map(stored, dict.fromkeys(work)), run_at)


def stored(job: Job) -> dict[str, Any]:
    """What a row keeps of the work itself."""
    payload = msgspec.json.encode(job).decode()
    return {"lane": job.lane, "kind": type(job).__name__, "payload": payload, "turn": job.turn}


def add_stored(conn: Connection, work: Iterable[dict[str, Any]], run_at: datetime) -> None:
    """As `add`, of what `stored` gave."""
    rows = [{**row, "run_at": run_at, "attempt": 0} for row in work]
    if rows:
        bulk.insert(conn, jobs, rows, HASTEN)
        announce_work(conn)


def claim(
    conn: Connection, lane: str, kinds: Collection[str], now: datetime, lease: timedelta, limit: int
) -> list[Claim]:
    """Takes what is due, the longest waiting first. Of a turn, only the oldest that is not given up."""
    wanted = {"of_lane": lane, "kinds": list(kinds), "now": now, "most": limit, "until": now + lease}
    taken = conn.execute(CLAIM, wanted)
    claims = [Claim(row.id, row.kind, json.loads(row.payload), row.attempt, row.run_at) for row in taken]
    return sorted(claims, key=lambda claim: claim.id)


def prolong(conn: Connection, claim: Claim, until: datetime) -> Claim:
    """In the transaction that made the claim."""
    conn.execute(POSTPONE, held(claim) | {"again_at": until})
    return replace(claim, leased_until=until)


def begin_afresh(conn: Connection, lane: str, now: datetime) -> int:
    """What was given up, once more: for a new program, which may know better. Returns how many."""
    given_up = update(jobs).where(j.lane == lane, j.run_at.is_(None)).values(run_at=now, attempt=0)
    return conn.execute(given_up).rowcount


def finish(conn: Connection, claim: Claim) -> None:
    conn.execute(FINISH, held(claim))
    announce_work(conn)  # the next of its turn may run now


def postpone(conn: Connection, claim: Claim, run_at: datetime | None) -> None:
    """`None` gives the job up: it stays for a person to see, and holds back nobody."""
    conn.execute(POSTPONE, held(claim) | {"again_at": run_at})


def held(claim: Claim) -> dict[str, Any]:
    return {"held": claim.id, "as_attempt": claim.attempt, "held_until": claim.leased_until}


def next_due(conn: Connection, lane: str) -> datetime | None:
    """When the lane's next job comes due; it may lie in the past."""
    at: datetime | None = conn.scalar(NEXT_DUE, {"of_lane": lane})
    return at
