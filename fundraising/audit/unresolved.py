"""What waits for somebody, as it is now: gifts and payouts without an outcome, money in suspense, donors' codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, literal_column, or_, select

from fundraising.giving import undecided
from fundraising.money import Money
from fundraising.statuses import RESERVING, Review
from storage.payout_tables import payouts
from storage.tables import claims, donations

d, o, c = donations.c, payouts.c, claims.c
LONG = timedelta(hours=1)
PENDING: ColumnElement[str] = literal_column("'pending'")  # as a parameter it would keep the index from being used
MOST = 500  # of each kind


class Kind(StrEnum):
    DONATION = "donation"
    PAYOUT = "payout"
    SUSPENSE = "suspense"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Unresolved:
    kind: Kind
    id: str
    why: str  # a status, or what needs review
    amount: Money
    campaign_id: int | None
    since: datetime


def find(conn: Connection, now: datetime) -> list[Unresolved]:
    return [*of_donations(conn, now), *of_payouts(conn), *of_suspense(conn, now), *of_claims(conn)]


def of_donations(conn: Connection, now: datetime) -> Iterator[Unresolved]:
    """Those whose money lies in suspense are listed by that money."""
    silent = and_(d.needs_review.is_(None), d.created_at < now - LONG)
    query = select(donations).where(d.status == PENDING, or_(silent, d.needs_review == Review.NO_WORD))
    for row in conn.execute(query.order_by(d.created_at).limit(MOST)):  # by the index; by id all would be read
        why, amount = row.needs_review or row.status, Money(row.amount_minor, row.currency)
        yield Unresolved(Kind.DONATION, str(row.id), why, amount, row.campaign_id, row.created_at)


def of_payouts(conn: Connection) -> Iterator[Unresolved]:
    query = select(payouts).where(or_(o.status.in_(RESERVING), o.needs_review.is_not(None)))
    for row in conn.execute(query.order_by(o.id).limit(MOST)):
        why, amount = row.needs_review or row.status, Money(row.amount_minor, row.currency)
        yield Unresolved(Kind.PAYOUT, str(row.id), why, amount, row.campaign_id, row.created_at)


def of_suspense(conn: Connection, now: datetime) -> Iterator[Unresolved]:
    for stray in undecided.find(conn, MOST, now):
        yield Unresolved(Kind.SUSPENSE, stray.key, stray.reason, stray.amount, stray.campaign_id, stray.since)


def of_claims(conn: Connection) -> Iterator[Unresolved]:
    """A code that a donor sent, for as long as the donation waits."""
    query = (
        select(c.code, c.created_at, d.id, d.amount_minor, d.currency, d.campaign_id)
        .join(donations, d.id == c.donation_id)
        .where(d.status == PENDING)
    )
    for row in conn.execute(query.order_by(c.id).limit(MOST)):
        amount = Money(row.amount_minor, row.currency)
        yield Unresolved(Kind.CLAIM, row.code, f"donation {row.id}", amount, row.campaign_id, row.created_at)
