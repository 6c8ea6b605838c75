"""The same request again, with the same Idempotency-Key: it acts once, and every repeat gets the same answer.

The row is committed before anything is done. The transaction that acts notes in it what it made, so whoever repeats the
request after a crash finds that, whether or not an answer was remembered. Only the latest to take a request on may act
or answer: whoever was thought dead and is not, raises TakenOver and waits for the other's answer.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from fundraising.lanes import MPESA
from fundraising.refusals import IdempotencyKeyReused
from storage import jobs
from storage.api_tables import repeats
from storage.database import Database
from storage.places import place
from storage.vault import Vault

r = repeats.c
KEPT = timedelta(days=30)
LEASE = timedelta(seconds=12)  # a prompt takes ten at most; acting twice is prevented by more than this


@dataclass(frozen=True, slots=True)
class Turn:
    """A request taken on. `attempt` fences: an earlier one can neither act nor answer."""

    id: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


class Stage(Enum):
    FREE = "free"  # new, or whoever had taken it on is gone
    UNDER_WAY = "under way"


@dataclass(frozen=True)
class ClearRepeats(jobs.Job):
    lane: ClassVar = MPESA


class TakenOver(Exception):
    """Somebody else has taken this request on: wait for the answer that they give."""


class Repeats:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]):
        self._database, self._vault, self._now = database, vault, now

    async def take_on(self, api_key_id: int, key: bytes, request: bytes) -> Turn | Answer | None:
        """The answer given before; None while somebody else works on it. Raises IdempotencyKeyReused."""
        which = (r.api_key_id == api_key_id, r.key_hash == hashlib.sha256(key).digest())
        request_hash = hashlib.sha256(request).digest()
        known = await self._database.read(lambda conn: self._known(conn, which, request_hash))
        if known is not Stage.FREE:  # so that those who wait write nothing
            return known if isinstance(known, Answer) else None
        return await self._database.write(lambda conn: self._take(conn, api_key_id, key, request_hash))

    async def remember(self, turn: Turn, answer: Answer) -> None:
        """Raises TakenOver."""
        values = {
            "status": answer.status,
            "answer_sealed": self._vault.seal(answer.body, place(r.answer_sealed, turn.id)),
        }
        await self._database.write(lambda conn: self._end(conn, turn, values))

    async def let_go(self, turn: Turn) -> None:
        """It ended without an answer to remember: the next repeat acts, or finds what was made. Raises TakenOver."""
        await self._database.write(lambda conn: self._end(conn, turn, {"leased_until": self._now()}))

    async def clear(self, _job: ClearRepeats, _attempt: int) -> datetime | None:
        """The job: forgets what is too old, and comes back when the next will be."""

        def fn(conn: Connection) -> datetime | None:
            conn.execute(delete(repeats).where(r.created_at <= self._now() - KEPT))
            oldest: datetime | None = conn.scalar(select(func.min(r.created_at)))
            return oldest and oldest + KEPT

        return await self._database.write(fn)

    def _known(self, conn: Connection, which: tuple[Any, ...], request_hash: bytes) -> Answer | Stage:
        """Raises IdempotencyKeyReused."""
        row = conn.execute(select(repeats).where(*which)).one_or_none()
        if row is None:
            return Stage.FREE
        if row.request_hash != request_hash:
            raise IdempotencyKeyReused
        if row.status is not None:
            return Answer(row.status, self._vault.open(row.answer_sealed, place(r.answer_sealed, row.id)))
        return Stage.UNDER_WAY if row.leased_until > self._now() else Stage.FREE

    def _take(self, conn: Connection, api_key_id: int, key: bytes, request_hash: bytes) -> Turn | Answer | None:
        now, key_hash = self._now(), hashlib.sha256(key).digest()
        row = {"api_key_id": api_key_id, "key_hash": key_hash, "request_hash": request_hash}
        new = insert_or_ignore(repeats).values(attempt=0, leased_until=now, created_at=now, **row)
        conn.execute(new.on_conflict_do_nothing(index_elements=["api_key_id", "key_hash"]))
        which = (r.api_key_id == api_key_id, r.key_hash == key_hash)
        conn.execute(select(r.id).where(*which).with_for_update())
        known = self._known(conn, which, request_hash)
        if known is not Stage.FREE:
            return known if isinstance(known, Answer) else None
        taken = update(repeats).where(*which).values(attempt=r.attempt + 1, leased_until=now + LEASE)
        turn = conn.execute(taken.returning(r.id, r.attempt)).one()
        jobs.add(conn, [ClearRepeats()], now + KEPT)
        return Turn(turn.id, turn.attempt)

    def _end(self, conn: Connection, turn: Turn, values: dict[str, Any]) -> None:
        mine = update(repeats).where(r.id == turn.id, r.attempt == turn.attempt, r.status.is_(None))
        if not conn.execute(mine.values(**values)).rowcount:
            raise TakenOver


def made(conn: Connection, turn: Turn | None) -> int | None:
    """What this request has made before. First thing in the transaction that acts; held until it ends.

    Raises TakenOver.
    """
    if turn is None:
        return None
    row = conn.execute(select(r.attempt, r.made_id).where(r.id == turn.id).with_for_update()).one()
    if row.attempt != turn.attempt:
        raise TakenOver
    made_id: int | None = row.made_id
    return made_id


def note(conn: Connection, turn: Turn | None, made_id: int) -> None:
    """In the same transaction that made it."""
    if turn is not None:
        conn.execute(update(repeats).where(r.id == turn.id).values(made_id=made_id))
