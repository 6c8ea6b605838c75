"""What M-Pesa answers about a donor's code: of which donation it is the payment.

A code proves that money came to us, not what it was for. Where it surely is of one donation, it is that one's. Where it
can be of none, it is suspended for the donation that it was sent for, and people decide. Where it may be of several, it
waits for a day, until M-Pesa has told of the others; what is not told until then is suspended too.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, or_, select

from fundraising.evidence import record, statuses, tokens
from fundraising.evidence.record import Evidence, Payment, Says
from fundraising.evidence.tokens import Purpose
from fundraising.giving import donation as donations
from fundraising.giving.donation import Donation
from fundraising.money import Money
from fundraising.people import phones
from fundraising.refusals import NotAPhoneNumber
from fundraising.statuses import DonationStatus
from mpesa.msisdn import Msisdn
from mpesa.results import TransactionFact, TransactionStatus
from storage.tables import claims, suspense
from storage.vault import Vault

c, d = claims.c, donations.d
CLOCKS_DIFFER = timedelta(minutes=5)
A_DAY = timedelta(days=1)


def payment_of(conn: Connection, item: Evidence) -> Payment | None:
    claim_id = claim_of(conn, item)
    if claim_id is None:
        return None
    return record.donation(conn.scalars(select(c.donation_id).where(c.id == claim_id)).one())


def claim_of(conn: Connection, item: Evidence) -> int | None:
    asked = tokens.made_for(conn, [item.token_hash], Purpose.CLAIM) if item.token_hash else {}
    return next(iter(asked.values()), None)


def read(conn: Connection, vault: Vault, shortcodes: tuple[str, ...], now: datetime, item: Evidence) -> Evidence:
    """It says that it succeeded, and with what, of the donation that it is for; else nothing."""
    claim_id = claim_of(conn, item)
    if claim_id is None:
        return item
    claim = conn.execute(select(c.donation_id, c.code, c.created_at).where(c.id == claim_id)).one()
    known = replace(item, payment=record.donation(claim.donation_id))
    fact = statuses.fact_in(item.body) if item.body else None
    if fact is None or not is_of_code(fact, claim.code) or not is_to(shortcodes, fact.credit_party or ""):
        return known
    donation = donations.find(conn, claim.donation_id)
    if is_booked_for_another(conn, donation, claim.code):
        return known
    paid = replace(known, says=Says.SUCCEEDED, amount=Money(fact.amount_minor or 0), receipt=claim.code)
    rivals = may_be_of(conn, vault, donation, fact)
    if not rivals and fits(conn, vault, donation, fact, now):
        return paid
    fitting = [
        each for each in (donation, *rivals) if each.amount == paid.amount and fits(conn, vault, each, fact, now)
    ]
    if len(fitting) == 1:
        return replace(paid, payment=record.donation(fitting[0].id))
    waited = now - claim.created_at >= A_DAY
    counted = any(each.status is DonationStatus.COMPLETED and each.amount == paid.amount for each in rivals)
    return replace(paid, is_stray=True) if not rivals or (waited and not counted) else known


def is_of_code(fact: TransactionFact, code: str) -> bool:
    paid = fact.status is TransactionStatus.COMPLETED and bool(fact.amount_minor)
    return paid and (fact.receipt or code) == code


def fits(conn: Connection, vault: Vault, donation: Donation, fact: TransactionFact, now: datetime) -> bool:
    """Paid from its phone, in its time."""
    phone = donations.phone_of(conn, vault, donation.id)
    return is_from(phone, fact.debit_party or "") and is_in_time(donation, fact, now)


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


def may_be_of(conn: Connection, vault: Vault, donation: Donation, fact: TransactionFact) -> list[Donation]:
    """The other donations without a receipt that this payment may belong to: of the same donor, the same phone or the
    payer's. Where M-Pesa masks the payer, of anybody who was asked for as much within the day before."""
    open_ones = or_(
        d.status == DonationStatus.PENDING,
        (d.status == DonationStatus.FAILED) & d.receipt.is_(None),
        (d.status == DonationStatus.COMPLETED) & d.receipt.is_(None),
    )
    payer = payer_of(fact)
    phone_indexes = [
        phones.index(vault, phone) for phone in (donations.phone_of(conn, vault, donation.id), payer) if phone
    ]
    theirs = or_(d.donor_id == donation.donor_id, d.phone_index.in_(phone_indexes))
    paid_at = fact.initiated_at or fact.finalised_at
    if payer is None and paid_at:
        asked = (
            d.amount_minor == fact.amount_minor,
            d.created_at > paid_at - A_DAY,
            d.created_at <= paid_at + CLOCKS_DIFFER,
        )
        theirs = or_(theirs, and_(*asked))
    return donations.load(conn, theirs, open_ones, d.id != donation.id)


def payer_of(fact: TransactionFact) -> Msisdn | None:
    """None where M-Pesa masks it."""
    try:
        return phones.parse((fact.debit_party or "").split(" ")[0])
    except NotAPhoneNumber:
        return None
