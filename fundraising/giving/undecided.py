"""Money in suspense that waits for two people, with what was said about it so far."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from fundraising.ledger import accounts, causes
from fundraising.ledger.causes import Correction, InSuspense, Kind, Receipt
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
    cause: InSuspense  # of the posting that brought it
    donation_id: int
    campaign_id: int  # what the donation was for
    amount: Money
    reason: str
    since: datetime
    proposals: tuple[Proposal, ...]

    @property
    def receipt(self) -> str | None:
        """None: more came than had been credited, and the donation has that receipt."""
        return self.cause.receipt if isinstance(self.cause, Receipt) else None


def find(conn: Connection, limit: int) -> list[Undecided]:
    """The oldest first."""
    corrected = causes.lies_with(p.cause, Kind.CORRECTION)
    found = [*strays(conn, limit=limit), *corrections(conn, corrected, limit=limit)]
    return sorted(found, key=lambda each: (each.since, str(each.cause)))[:limit]


def load(conn: Connection, key: str) -> Undecided:
    """Raises NoSuchStray, also for what is decided."""
    if found := find_one(conn, key):
        return found
    raise NoSuchStray


def find_one(conn: Connection, key: str) -> Undecided | None:
    kind, number = key[:1], key[1:]
    if number.isascii() and number.isdecimal() and int(number) <= LARGEST_ID:
        found = strays(conn, s.id == int(number)) if kind == "s" else iter(())
        found = corrections(conn, p.cause == str(Correction(int(number)))) if kind == "c" else found
        return next(found, None)
    return None


def strays(conn: Connection, *where: ColumnElement[bool], limit: int = 1) -> Iterator[Undecided]:
    cause = causes.column(Kind.RECEIPT, s.receipt)
    money = (s.amount_minor, s.currency, s.reason, s.created_at)
    query = (
        select(s.id, s.receipt, s.donation_id, d.campaign_id, *money)
        .join(donations, d.id == s.donation_id)
        .where(~is_decided(cause), *where)
    )
    for row in conn.execute(query.order_by(s.id).limit(limit)):
        amount, receipt = Money(row.amount_minor, row.currency), Receipt(row.receipt)
        said = proposals(conn, receipt)
        common = (row.donation_id, row.campaign_id, amount, row.reason, row.created_at, said)
        yield Undecided(f"s{row.id}", receipt, *common)


def corrections(conn: Connection, *where: ColumnElement[bool], limit: int = 1) -> Iterator[Undecided]:
    """What M-Pesa's receipt named beyond what had been credited."""
    query = select(postings).where(p.account == str(accounts.SUSPENSE), p.minor > 0, ~is_decided(p.cause), *where)
    for row in conn.execute(query.order_by(p.posted_at).limit(limit)).all():
        cause = causes.parse(row.cause)
        assert isinstance(cause, Correction)
        number, amount, said = cause.donation_id, Money(row.minor, row.currency), proposals(conn, cause)
        campaign_id = conn.scalars(select(d.campaign_id).where(d.id == number)).one()
        yield Undecided(f"c{number}", cause, number, campaign_id, amount, Review.CORRECTED, row.posted_at, said)


def is_decided(cause: ColumnElement[str]) -> ColumnElement[bool]:
    return select(o.id).where(o.cause == cause, o.confirmer_id.is_not(None)).exists()


def proposals(conn: Connection, cause: InSuspense) -> tuple[Proposal, ...]:
    """By people who may decide now: who lost the role has no say any more."""
    said = conn.execute(select(o.campaign_id, o.proposer_id).where(o.cause == str(cause)).order_by(o.id)).all()
    deciders = roles.holders(conn, Role.CHECKER) if said else []
    return tuple(Proposal(*each) for each in said if each.proposer_id in deciders)


def reason_left(conn: Connection, donation_id: int) -> Review | None:
    """Why people must still look at a payment for this donation."""
    for stray in strays(conn, s.donation_id == donation_id):
        return Review(stray.reason)
    return None
