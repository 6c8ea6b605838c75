"""The codes from M-Pesa's messages that donors send, at any time: found in the books, or kept and put to M-Pesa."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, func, or_, select
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from fundraising.giving import codes
from fundraising.giving import donation as rows
from fundraising.giving.donation import Donation
from fundraising.giving.tasks import AskMpesa, CheckClaim, CheckClaimAgain
from fundraising.money import Money
from fundraising.news import Alarm, TellOwners
from fundraising.statuses import DonationStatus, Review
from storage import jobs
from storage.database import Database
from storage.phone_tables import unknown_codes
from storage.tables import claims, suspense

c, d, s, u = claims.c, rows.d, suspense.c, unknown_codes.c
MOST_CLAIMS = 5  # of one donation: each is a question to M-Pesa
MOST_UNKNOWN = 10  # of one donor in a day: a treasurer reads each
DAY = timedelta(days=1)
FAILED_GIFTS_KEPT = timedelta(days=30)  # a late success was never seen later


class Found(StrEnum):
    """What became of a code."""

    COUNTED = "counted"  # the receipt of a gift of this donor
    IN_SUSPENSE = "in_suspense"  # money of this donor that fits nothing and waits for two people
    ASKED = "asked"  # kept for this gift, and M-Pesa is asked
    KEPT = "kept"  # kept for this gift, and a treasurer compares
    UNKNOWN = "unknown"  # fits no gift of this donor: kept, and a treasurer looks
    REFERENCE = "reference"  # no code, but the account number of this gift
    TOO_MANY = "too_many"  # not kept


@dataclass(frozen=True, slots=True)
class Claimed:
    code: str
    found: Found
    donation: Donation | None = None


class Claims:
    def __init__(self, database: Database, now: Callable[[], datetime], asks_mpesa: bool = True):
        """`asks_mpesa`: whether Transaction Status is set up; else a treasurer compares codes with the statement."""
        self._database, self._now, self._asks_mpesa = database, now, asks_mpesa

    async def claim(self, donor_id: int, text: str) -> list[Claimed]:
        """Every code in a text, and what became of it; nothing where there is none.

        A code proves nothing by itself: no money is booked for it.
        """
        words, found = codes.references_in(text), codes.codes_in(text)
        if not words and not found:
            return []
        paid = codes.sum_in(text)
        return await self._database.write(lambda conn: self._take(conn, donor_id, words, found, paid))

    def _take(
        self, conn: Connection, donor_id: int, words: list[str], found: list[str], paid: Money | None
    ) -> list[Claimed]:
        mine = rows.load(conn, d.donor_id == donor_id, self._matters(), lock=True)  # claims are counted one by one
        ours = {each.reference: each for each in rows.load(conn, d.donor_id == donor_id, d.reference.in_(words))}
        real = [code for code in found if code not in ours]
        if not real:
            return [Claimed(reference, Found.REFERENCE, donation) for reference, donation in ours.items()]
        return [self._claim(conn, donor_id, mine, code, paid) for code in real]

    def _claim(
        self, conn: Connection, donor_id: int, mine: Sequence[Donation], code: str, paid: Money | None
    ) -> Claimed:
        if booked := self._booked(conn, donor_id, code):
            return booked
        donation = self._claimed_before(conn, mine, code) or choose(mine, paid)
        if donation is None or self._is_anothers(conn, code):
            return self._keep_unknown(conn, donor_id, code)
        return self._keep(conn, donation, code)

    def _matters(self) -> ColumnElement[bool]:
        """Gifts that a code may belong to: undecided, failed of late, or counted on a query's word, without receipt."""
        lately = d.created_at > self._now() - FAILED_GIFTS_KEPT
        return or_(
            d.status == DonationStatus.PENDING,
            (d.status == DonationStatus.FAILED) & d.receipt.is_(None) & lately,
            (d.status == DonationStatus.COMPLETED) & d.receipt.is_(None),
        )

    def _booked(self, conn: Connection, donor_id: int, code: str) -> Claimed | None:
        for donation in rows.load(conn, d.donor_id == donor_id, d.receipt == code):
            return Claimed(code, Found.COUNTED, donation)
        for donation_id in conn.scalars(select(s.donation_id).where(s.receipt == code)):
            donation = rows.find(conn, donation_id)
            return Claimed(code, Found.IN_SUSPENSE, donation) if donation.donor_id == donor_id else None
        return None

    def _is_anothers(self, conn: Connection, code: str) -> bool:
        """In the books for somebody else's gift."""
        known = conn.scalar(select(d.id).where(d.receipt == code)), conn.scalar(select(s.id).where(s.receipt == code))
        return any(known)

    def _claimed_before(self, conn: Connection, mine: Sequence[Donation], code: str) -> Donation | None:
        known = select(c.donation_id).where(c.code == code, c.donation_id.in_([each.id for each in mine]))
        donation_id = conn.scalar(known.limit(1))
        return next((each for each in mine if each.id == donation_id), None)

    def _keep(self, conn: Connection, donation: Donation, code: str) -> Claimed:
        kept_before = conn.scalars(select(c.code).where(c.donation_id == donation.id)).all()
        if len(kept_before) >= MOST_CLAIMS and code not in kept_before:
            return Claimed(code, Found.TOO_MANY, donation)
        row = {"donation_id": donation.id, "code": code, "created_at": self._now()}
        kept = insert_or_ignore(claims).values(**row).on_conflict_do_nothing().returning(c.id)
        may_be_asked = donation.checkout_index is not None and donation.status is not DonationStatus.COMPLETED
        for claim_id in conn.scalars(kept):
            work: list[jobs.Job] = [TellOwners(Alarm.CLAIM, donation.id)]
            work += [CheckClaim(claim_id)] if self._asks_mpesa else []
            work += [AskMpesa(donation.id, hinted=True)] if may_be_asked else []
            jobs.add(conn, work, self._now())
            jobs.add(conn, [CheckClaimAgain(claim_id)] if self._asks_mpesa else [], self._now() + DAY)
        return Claimed(code, Found.ASKED if self._asks_mpesa or may_be_asked else Found.KEPT, donation)

    def _keep_unknown(self, conn: Connection, donor_id: int, code: str) -> Claimed:
        of_today = select(func.count()).where(u.donor_id == donor_id, u.sent_at > self._now() - DAY, u.code != code)
        if (conn.scalar(of_today) or 0) >= MOST_UNKNOWN:
            return Claimed(code, Found.TOO_MANY)
        row = {"donor_id": donor_id, "code": code, "sent_at": self._now()}
        kept = insert_or_ignore(unknown_codes).values(**row).on_conflict_do_nothing().returning(u.id)
        for code_id in conn.scalars(kept):
            jobs.add(conn, [TellOwners(Alarm.UNKNOWN_CODE, code_id)], self._now())
        return Claimed(code, Found.UNKNOWN)

    async def unknown(self, code_id: int) -> str:
        """The code that a treasurer looks for."""
        return await self._database.read(lambda conn: conn.scalars(select(u.code).where(u.id == code_id)).one())


def choose(mine: Sequence[Donation], paid: Money | None) -> Donation | None:
    """The gift that a code is most likely for: what M-Pesa's message says was paid, then what is still open."""
    same = [donation for donation in mine if donation.amount == paid]
    open_ones = [donation for donation in mine if donation.status is DonationStatus.PENDING]
    likely = same or open_ones if paid else mine
    return max(likely, key=lambda donation: (urgency(donation), donation.id), default=None)


def urgency(donation: Donation) -> int:
    if donation.status is DonationStatus.PENDING:
        return 3 if donation.needs_review is Review.NO_WORD else 2
    return 1 if donation.status is DonationStatus.COMPLETED else 0
