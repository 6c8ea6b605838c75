"""Money in suspense that waits for two people, with what was said about it so far."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from fundraising.ledger import accounts, causes
from fundraising.ledger.causes import Correction, InSuspense, Kind, Receipt
from fundraising.money import Money
from fundraising.people import consent
from fundraising.people.consent import Matter
from fundraising.refusals import NoSuchStray
from fundraising.statuses import Review
from storage.consent_tables import consents
from storage.tables import donations, postings, suspense

s, d, p, o = suspense.c, donations.c, postings.c, consents.c
RETURNED = "returned"  # what is said of money that went back to the payer; else a campaign's id
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


def matter_of(cause: InSuspense) -> Matter:
    return Matter(consent.Kind.SUSPENSE, str(cause))


def answer_of(campaign_id: int | None) -> str:
    return RETURNED if campaign_id is None else str(campaign_id)


def campaign_in(answer: str) -> int | None:
    return None if answer == RETURNED else int(answer)


def find(conn: Connection, limit: int, now: datetime) -> list[Undecided]:
    """The oldest first."""
    corrected = causes.lies_with(p.cause, Kind.CORRECTION)
    found = [*strays(conn, now, limit=limit), *corrections(conn, now, corrected, limit=limit)]
    return sorted(found, key=lambda each: (each.since, str(each.cause)))[:limit]


def load(conn: Connection, key: str, now: datetime) -> Undecided:
    """Raises NoSuchStray, also for what is decided."""
    if found := find_one(conn, key, now):
        return found
    raise NoSuchStray


def find_one(conn: Connection, key: str, now: datetime) -> Undecided | None:
    kind, number = key[:1], key[1:]
    if number.isascii() and number.isdecimal() and int(number) <= LARGEST_ID:
        found = strays(conn, now, s.id == int(number)) if kind == "s" else iter(())
        found = corrections(conn, now, p.cause == str(Correction(int(number)))) if kind == "c" else found
        return next(found, None)
    return None


def strays(conn: Connection, now: datetime, *where: ColumnElement[bool], limit: int = 1) -> Iterator[Undecided]:
    cause = causes.column(Kind.RECEIPT, s.receipt)
    money = (s.amount_minor, s.currency, s.reason, s.created_at)
    query = (
        select(s.id, s.receipt, s.donation_id, d.campaign_id, *money)
        .join(donations, d.id == s.donation_id)
        .where(~is_decided(cause), *where)
    )
    for row in conn.execute(query.order_by(s.id).limit(limit)):
        amount, receipt = Money(row.amount_minor, row.currency), Receipt(row.receipt)
        said = proposals(conn, receipt, now)
        common = (row.donation_id, row.campaign_id, amount, row.reason, row.created_at, said)
        yield Undecided(f"s{row.id}", receipt, *common)


def corrections(conn: Connection, now: datetime, *where: ColumnElement[bool], limit: int = 1) -> Iterator[Undecided]:
    """What M-Pesa's receipt named beyond what had been credited."""
    query = select(postings).where(p.account == str(accounts.SUSPENSE), p.minor > 0, ~is_decided(p.cause), *where)
    for row in conn.execute(query.order_by(p.posted_at).limit(limit)).all():
        cause = causes.parse(row.cause)
        assert isinstance(cause, Correction)
        number, amount, said = cause.donation_id, Money(row.minor, row.currency), proposals(conn, cause, now)
        campaign_id = conn.scalars(select(d.campaign_id).where(d.id == number)).one()
        yield Undecided(f"c{number}", cause, number, campaign_id, amount, Review.CORRECTED, row.posted_at, said)


def is_decided(cause: ColumnElement[str]) -> ColumnElement[bool]:
    return select(o.id).where(o.kind == consent.Kind.SUSPENSE, o.subject == cause, o.confirmer_id.is_not(None)).exists()


def proposals(conn: Connection, cause: InSuspense, now: datetime) -> tuple[Proposal, ...]:
    said = consent.standing(conn, matter_of(cause), now)
    return tuple(Proposal(campaign_in(word.answer), word.by) for word in said if word.by)


def reason_left(conn: Connection, donation_id: int, now: datetime) -> Review | None:
    """Why people must still look at a payment for this donation."""
    for stray in strays(conn, now, s.donation_id == donation_id):
        return Review(stray.reason)
    return None


def reasons(conn: Connection, donation_id: int) -> set[str]:
    """Of all payments for this donation that wait for people."""
    waits = ~is_decided(causes.column(Kind.RECEIPT, s.receipt))
    return set(conn.scalars(select(s.reason).where(s.donation_id == donation_id, waits)))
