"""Money in suspense that waits for two people, with what was said about it so far."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, literal, select

from fundraising.ledger import accounts
from fundraising.ledger.causes import CORRECTION, RECEIPT
from fundraising.money import Money
from fundraising.people import roles
from fundraising.people.roles import Role
from fundraising.refusals import NoSuchStray
from fundraising.statuses import Review
from storage.reconciliation_tables import suspense_proposals
from storage.tables import donations, postings, suspense

s, d, p, o = suspense.c, donations.c, postings.c, suspense_proposals.c
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Proposal:
    campaign_id: int | None  # None: it went back to the payer
    proposer_id: int


@dataclass(frozen=True, slots=True)
class Undecided:
    key: str  # short, for a button: s12 is row 12, c7 what came beyond what was credited for donation 7
    cause: str  # of the posting that brought it
    donation_id: int
    campaign_id: int  # what the donation was for
    amount: Money
    reason: str
    since: datetime
    proposals: tuple[Proposal, ...]

    @property
    def receipt(self) -> str | None:
        """None: more came than had been credited, and the donation has that receipt."""
        return self.cause.removeprefix(RECEIPT) if self.cause.startswith(RECEIPT) else None


def find(conn: Connection, limit: int) -> list[Undecided]:
    """The oldest first."""
    corrected = and_(p.cause >= "correction", p.cause < "correctioo", p.cause.like(f"{CORRECTION}%"))  # by the index
    found = [*strays(conn, limit=limit), *corrections(conn, corrected, limit=limit)]
    return sorted(found, key=lambda each: (each.since, each.cause))[:limit]


def load(conn: Connection, key: str) -> Undecided:
    """Raises NoSuchStray, also for what is decided."""
    if found := find_one(conn, key):
        return found
    raise NoSuchStray


def find_one(conn: Connection, key: str) -> Undecided | None:
    kind, number = key[:1], key[1:]
    if number.isascii() and number.isdecimal() and int(number) <= LARGEST_ID:
        found = strays(conn, s.id == int(number)) if kind == "s" else iter(())
        found = corrections(conn, p.cause == f"{CORRECTION}{number}") if kind == "c" else found
        return next(found, None)
    return None


def strays(conn: Connection, *where: ColumnElement[bool], limit: int = 1) -> Iterator[Undecided]:
    cause = literal(RECEIPT) + s.receipt
    money = (s.amount_minor, s.currency, s.reason, s.created_at)
    query = (
        select(s.id, cause.label("cause"), s.donation_id, d.campaign_id, *money)
        .join(donations, d.id == s.donation_id)
        .where(~is_decided(cause), *where)
    )
    for row in conn.execute(query.order_by(s.id).limit(limit)):
        amount, said = Money(row.amount_minor, row.currency), proposals(conn, row.cause)
        common = (row.donation_id, row.campaign_id, amount, row.reason, row.created_at, said)
        yield Undecided(f"s{row.id}", row.cause, *common)


def corrections(conn: Connection, *where: ColumnElement[bool], limit: int = 1) -> Iterator[Undecided]:
    """What M-Pesa's receipt named beyond what had been credited."""
    query = select(postings).where(p.account == accounts.SUSPENSE, p.minor > 0, ~is_decided(p.cause), *where)
    for row in conn.execute(query.order_by(p.posted_at).limit(limit)).all():
        number = int(row.cause.removeprefix(CORRECTION))
        campaign_id = conn.scalars(select(d.campaign_id).where(d.id == number)).one()
        amount, said = Money(row.minor, row.currency), proposals(conn, row.cause)
        yield Undecided(f"c{number}", row.cause, number, campaign_id, amount, Review.CORRECTED, row.posted_at, said)


def is_decided(cause: ColumnElement[str]) -> ColumnElement[bool]:
    return select(o.id).where(o.cause == cause, o.confirmer_id.is_not(None)).exists()


def proposals(conn: Connection, cause: str) -> tuple[Proposal, ...]:
    """By people who may decide now: who lost the role has no say any more."""
    said = conn.execute(select(o.campaign_id, o.proposer_id).where(o.cause == cause).order_by(o.id)).all()
    deciders = roles.holders(conn, Role.CHECKER) if said else []
    return tuple(Proposal(*each) for each in said if each.proposer_id in deciders)


def reason_left(conn: Connection, donation_id: int) -> Review | None:
    """Why people must still look at a payment for this donation."""
    for stray in strays(conn, s.donation_id == donation_id):
        return Review(stray.reason)
    return None
