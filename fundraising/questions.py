"""What people must look at: each finding about a payment is a row of its own until it is answered."""

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, select, update

from storage import bulk
from storage.question_tables import questions

q = questions.c


class Kind(StrEnum):
    DONATION = "donation"
    PAYOUT = "payout"


def ask(conn: Connection, kind: Kind, found: Iterable[tuple[int, str]], now: datetime) -> None:
    """`found`: of which payment, and why. What is asked already goes on being asked, since when it was."""
    rows = [
        {"payment_kind": kind, "payment_id": payment_id, "why": why, "since": now, "closed_at": None, "closed_by": None}
        for payment_id, why in dict.fromkeys(found)
    ]
    if rows:
        bulk.insert(conn, questions, rows, "ON CONFLICT DO NOTHING")


def close(
    conn: Connection, kind: Kind, payment_id: int, now: datetime, *where: ColumnElement[bool], by: int | None = None
) -> None:
    """All that stand, or those of a kind. `by`: who saw to it; None: what M-Pesa said ended it."""
    ended = update(questions).where(*standing_of(kind, payment_id), *where)
    conn.execute(ended.values(closed_at=now, closed_by=by))


def standing(conn: Connection, kind: Kind, payment_id: int) -> tuple[str, ...]:
    """Why people must look at this payment, the earliest first."""
    return tuple(conn.scalars(select(q.why).where(*standing_of(kind, payment_id)).order_by(q.id)))


def one_of(whys: Collection[str]) -> ColumnElement[bool]:
    return q.why.in_(list(whys))


def standing_of(kind: Kind, payment_id: int) -> tuple[ColumnElement[bool], ...]:
    return (and_(q.payment_kind == kind, q.payment_id == payment_id), q.closed_at.is_(None))
