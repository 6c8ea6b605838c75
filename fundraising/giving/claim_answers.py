"""What M-Pesa answers about a donor's code: whether it surely is the payment of that donation.

Anything less certain is kept and the treasurer's: a code proves that money came, not what it was for.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select

from fundraising.evidence import record, statuses, tokens
from fundraising.evidence.record import Evidence, Payment, Says
from fundraising.evidence.tokens import Purpose
from fundraising.giving import donation as donations
from fundraising.giving.donation import Donation
from fundraising.money import Money
from fundraising.people import phones
from fundraising.statuses import DonationStatus
from mpesa.msisdn import Msisdn
from mpesa.results import TransactionFact, TransactionStatus
from storage.tables import claims, suspense
from storage.vault import Vault

c, d = claims.c, donations.d
CLOCKS_DIFFER = timedelta(minutes=5)


def payment_of(conn: Connection, item: Evidence) -> Payment | None:
    claim_id = claim_of(conn, item)
    if claim_id is None:
        return None
    return record.donation(conn.scalars(select(c.donation_id).where(c.id == claim_id)).one())


def claim_of(conn: Connection, item: Evidence) -> int | None:
    asked = tokens.made_for(conn, [item.token_hash], Purpose.CLAIM) if item.token_hash else {}
    return next(iter(asked.values()), None)


def read(conn: Connection, vault: Vault, shortcodes: tuple[str, ...], now: datetime, item: Evidence) -> Evidence:
    """It says that it succeeded, and with what, where it surely is of the donation; else nothing."""
    claim_id = claim_of(conn, item)
    if claim_id is None:
        return item
    claim = conn.execute(select(c.donation_id, c.code).where(c.id == claim_id)).one()
    known = replace(item, payment=record.donation(claim.donation_id))
    fact = statuses.fact_in(item.body) if item.body else None
    if fact is None or not is_of_code(fact, claim.code):
        return known
    donation = donations.find(conn, claim.donation_id)
    if not is_surely_of(conn, vault, shortcodes, now, donation, claim.code, fact):
        return known
    return replace(known, says=Says.SUCCEEDED, amount=Money(fact.amount_minor or 0), receipt=claim.code)


def is_of_code(fact: TransactionFact, code: str) -> bool:
    paid = fact.status is TransactionStatus.COMPLETED and bool(fact.amount_minor)
    return paid and (fact.receipt or code) == code


def is_surely_of(
    conn: Connection,
    vault: Vault,
    shortcodes: tuple[str, ...],
    now: datetime,
    donation: Donation,
    receipt: str,
    fact: TransactionFact,
) -> bool:
    phone = donations.phone_of(conn, vault, donation.id)
    return (
        is_from(phone, fact.debit_party or "")
        and is_to(shortcodes, fact.credit_party or "")
        and is_in_time(donation, fact, now)
        and not is_booked_for_another(conn, donation, receipt)
        and not may_be_of_another(conn, donation, phones.index(vault, phone))
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
