"""A donor's M-Pesa code, put to Transaction Status: what it proves is booked, to the cent, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select

from fundraising import stops
from fundraising.addresses import Address
from fundraising.evidence import tokens, words
from fundraising.evidence.record import Evidence, Says, Source
from fundraising.evidence.schedule import HOURLY
from fundraising.evidence.tokens import Purpose
from fundraising.evidence.words import Word
from fundraising.giving import donation as donations
from fundraising.giving.donation import Donation
from fundraising.giving.settlement import Settlement
from fundraising.giving.tasks import CheckClaim
from fundraising.money import Money
from fundraising.news import Alarm, TellOwners
from fundraising.people import phones
from fundraising.randomness import RandomBytes
from fundraising.statuses import DonationStatus
from mpesa.msisdn import Msisdn
from mpesa.outcome import Failed, Succeeded
from mpesa.payouts import MpesaPayouts, StatusQuestion
from mpesa.results import TransactionFact, TransactionStatus
from storage import jobs
from storage.database import Database
from storage.tables import claims, suspense
from storage.vault import Vault

c, d = claims.c, donations.d
CLOCKS_DIFFER = timedelta(minutes=5)
SOON = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
MOST_QUESTIONS = len(SOON) + 24  # then hourly: a day


@dataclass(frozen=True)
class ClaimSettings:
    status_url: Address  # the token is appended
    shortcodes: tuple[str, ...]  # ours: only what was paid to one of these is booked on a donor's code


class ClaimChecks:
    def __init__(
        self,
        database: Database,
        vault: Vault,
        mpesa: MpesaPayouts,
        settlement: Settlement,
        now: Callable[[], datetime],
        random_bytes: RandomBytes,
        settings: ClaimSettings,
    ):
        self._database, self._vault, self._mpesa, self._settlement = database, vault, mpesa, settlement
        self._now, self._random_bytes, self._settings = now, random_bytes, settings

    async def check(self, job: CheckClaim, number: int) -> datetime | None:
        """The job; M-Pesa answers by a callback. A question that was not taken is put again, for a day."""
        begun = await self._database.write(lambda conn: self._begin(conn, job.claim_id))
        if begun is None:
            return self._now() + HOURLY
        code, token = begun
        url = f"{self._settings.status_url}/{token}"
        outcome = await self._mpesa.transaction_status(StatusQuestion(None, code, url, url))
        if isinstance(outcome, Succeeded):
            return None
        if isinstance(outcome, Failed) and outcome.stops_sending and outcome.code:  # without a code it was never sent
            code, reason = outcome.code, outcome.reason
            await self._database.write(lambda conn: stops.refuse_initiator(conn, code, reason, self._now()))
        if number > MOST_QUESTIONS:
            return None
        return self._now() + (SOON[number - 1] if number <= len(SOON) else HOURLY)

    def _begin(self, conn: Connection, claim_id: int) -> tuple[str, str] | None:
        if stops.initiator_is_refused(conn):
            return None
        code = conn.scalars(select(c.code).where(c.id == claim_id)).one()
        return code, tokens.mint(conn, self._random_bytes, Purpose.STATUS, claim_id=claim_id)

    async def take(self, claim_id: int, word: Word, fact: TransactionFact | None) -> None:
        """Books what arrived, if it surely is the payment of this donation.

        Anything less certain is kept and the treasurer's: a code proves that money came, not what it was for.
        """
        item = await self._database.read(lambda conn: self._evidence(conn, claim_id, fact)) if fact else None
        if item is not None:
            await self._settlement.take(item)
        else:
            await self._database.write(lambda conn: self._leave_to_people(conn, claim_id, word))

    def _leave_to_people(self, conn: Connection, claim_id: int, word: Word) -> None:
        if words.is_known(conn, word):
            return
        words.record(conn, self._vault, word, None, words.Verdict.NOTED)
        if word.stops_sending:
            stops.refuse_initiator(conn, word.code, word.reason, self._now())
        donation_id = conn.scalars(select(c.donation_id).where(c.id == claim_id)).one()
        jobs.add(conn, [TellOwners(Alarm.CLAIM, donation_id)], self._now())

    def _evidence(self, conn: Connection, claim_id: int, fact: TransactionFact) -> Evidence | None:
        claim = conn.execute(select(c.donation_id, c.code).where(c.id == claim_id)).one()
        receipt = fact.receipt or claim.code
        if fact.status is not TransactionStatus.COMPLETED or not fact.amount_minor or receipt != claim.code:
            return None
        if not self._is_surely_of(conn, donations.find(conn, claim.donation_id), receipt, fact):
            return None
        key = words.key_of("claim", claim_id, receipt, fact.amount_minor)
        amount = Money(fact.amount_minor)
        said = {"donation_id": claim.donation_id, "amount": amount, "receipt": receipt, "code": "0"}
        return Evidence(key, Source.CLAIM, Says.SUCCEEDED, self._now(), **said)

    def _is_surely_of(self, conn: Connection, donation: Donation, receipt: str, fact: TransactionFact) -> bool:
        phone = donations.phone_of(conn, self._vault, donation.id)
        return (
            is_from(phone, fact.debit_party or "")
            and is_to(self._settings.shortcodes, fact.credit_party or "")
            and is_in_time(donation, fact, self._now())
            and not is_booked_for_another(conn, donation, receipt)
            and not may_be_of_another(conn, donation, phones.index(self._vault, phone))
        )


def is_from(phone: Msisdn, payer: str) -> bool:
    """`2547… - NAME`, or `07… - NAME` as seen in 2025. A masked number proves nothing."""
    return payer.split(" ")[0] in (phone.digits, phone.local.replace(" ", ""))


def is_to(shortcodes: tuple[str, ...], receiver: str) -> bool:
    """`600999 - NAME`"""
    return receiver.split(" ")[0] in shortcodes


def is_in_time(donation: Donation, fact: TransactionFact, now: datetime) -> bool:
    """Paid for something older, or at a time that nobody told, it is not surely this donation's."""
    paid_at = fact.initiated_at or fact.finalised_at
    return paid_at is not None and donation.created_at - CLOCKS_DIFFER <= paid_at <= now + CLOCKS_DIFFER


def is_booked_for_another(conn: Connection, donation: Donation, receipt: str) -> bool:
    credited = select(d.id).where(d.receipt == receipt, d.id != donation.id)
    kept = select(suspense.c.id).where(suspense.c.receipt == receipt, suspense.c.donation_id != donation.id)
    return bool(conn.scalar(credited) or conn.scalar(kept))


def may_be_of_another(conn: Connection, donation: Donation, phone_index: bytes) -> bool:
    """Whether the same donor or phone has another donation that this receipt may belong to."""
    open_ones = or_(d.status.in_([DonationStatus.PENDING, DonationStatus.FAILED]), d.receipt.is_(None))
    theirs = or_(d.donor_id == donation.donor_id, d.phone_index == phone_index)
    return conn.scalar(select(d.id).where(theirs, open_ones, d.id != donation.id).limit(1)) is not None
