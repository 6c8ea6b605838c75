"""What is written down outside the database before M-Pesa is called: enough to make the intent again from nothing."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from fundraising.giving.donation import Donation
from fundraising.paying import notices
from fundraising.paying.payout import Attempt, Payout
from fundraising.people import phones, roles
from mpesa.msisdn import Msisdn
from storage import facts
from storage.payout_tables import people
from storage.tables import campaigns, donors
from storage.vault import Vault, WrongKey


class CampaignSeen(msgspec.Struct, frozen=True):
    id: int
    slug: str
    title: str
    goal_minor: int
    currency: str


class PushIntent(msgspec.Struct, frozen=True, tag="push"):
    book: str  # whose database
    at: datetime
    donation_id: int
    reference: str
    campaign: CampaignSeen
    donor_id: int
    donor_chat: bytes | None  # sealed
    language: str | None
    amount_minor: int
    currency: str
    phone: bytes  # sealed
    phone_index: bytes
    token_hash: bytes


class PushAnswered(msgspec.Struct, frozen=True, tag="pushed"):
    """M-Pesa can be asked about a push only by the id that it gave."""

    book: str
    reference: str
    checkout: bytes  # sealed


class PaymentIntent(msgspec.Struct, frozen=True, tag="payment"):
    book: str
    at: datetime
    payout_id: int
    number: int
    originator_id: str
    token_hash: bytes
    campaign: CampaignSeen
    ngo_id: int | None
    batch_id: int | None
    requester_id: int
    approver_ids: list[int]
    names: dict[int, bytes]  # of these people, sealed
    approvals_needed: int
    recipient_name: bytes  # sealed
    phone: bytes  # sealed
    phone_index: bytes
    amount_minor: int
    currency: str
    purpose: str
    remarks: str
    created_at: datetime


Entry = PushIntent | PushAnswered | PaymentIntent
DECODER = msgspec.json.Decoder(Entry)


def encode(entry: Entry) -> bytes:
    return msgspec.json.encode(entry)


def decode(line: bytes) -> Entry:
    """Raises msgspec.MsgspecError for a line of a newer program."""
    entry: Entry = DECODER.decode(line)
    return entry


def place(field: str, name: str) -> bytes:
    """`name`: the reference or the OriginatorConversationID of what it tells of."""
    return f"journal.{field}:{name}".encode()


def name_place(originator_id: str, person_id: int) -> bytes:
    return place(f"names.{person_id}", originator_id)


def open_text(vault: Vault, sealed: bytes, where: bytes) -> str:
    """Raises WrongKey. Releases before 0009 sealed without saying what for."""
    try:
        return vault.open_text(sealed, where)
    except WrongKey:
        return vault.open_unbound(sealed).decode()


def phone_in(vault: Vault, entry: PushIntent | PaymentIntent) -> Msisdn:
    name = entry.reference if isinstance(entry, PushIntent) else entry.originator_id
    return Msisdn(open_text(vault, entry.phone, place("phone", name)))


def of_push(conn: Connection, vault: Vault, donation: Donation, phone: Msisdn, token_hash: bytes) -> PushIntent:
    donor = conn.execute(select(donors.c.chat_id, donors.c.language).where(donors.c.id == donation.donor_id)).one()
    return PushIntent(
        book=facts.book(conn),
        at=donation.pushed_at,
        donation_id=donation.id,
        reference=donation.reference,
        campaign=_campaign(conn, donation.campaign_id),
        donor_id=donation.donor_id,
        donor_chat=vault.seal_text(str(donor.chat_id), place("donor_chat", donation.reference))
        if donor.chat_id
        else None,
        language=donor.language,
        amount_minor=donation.amount.minor,
        currency=donation.amount.currency,
        phone=phones.seal(vault, phone, place("phone", donation.reference)),
        phone_index=phones.index(vault, phone),
        token_hash=token_hash,
    )


def of_answer(conn: Connection, vault: Vault, reference: str, checkout_id: str) -> PushAnswered:
    return PushAnswered(facts.book(conn), reference, vault.seal_text(checkout_id, place("checkout", reference)))


def of_payment(conn: Connection, vault: Vault, payout: Payout, attempt: Attempt, token_hash: bytes) -> PaymentIntent:
    approvers = notices.approvers(conn, payout.id)
    named = select(people.c.id, people.c.name_sealed).where(people.c.id.in_([payout.requester_id, *approvers]))
    return PaymentIntent(
        book=facts.book(conn),
        at=attempt.started_at,
        payout_id=payout.id,
        number=attempt.number,
        originator_id=attempt.originator_id,
        token_hash=token_hash,
        campaign=_campaign(conn, payout.campaign_id),
        ngo_id=payout.ngo_id,
        batch_id=payout.batch_id,
        requester_id=payout.requester_id,
        approver_ids=sorted(approvers),
        names={
            row.id: vault.seal_text(roles.name_in(row, vault), name_place(attempt.originator_id, row.id))
            for row in conn.execute(named)
        },
        approvals_needed=payout.approvals_needed,
        recipient_name=vault.seal_text(payout.recipient_name, place("recipient_name", attempt.originator_id)),
        phone=phones.seal(vault, payout.phone, place("phone", attempt.originator_id)),
        phone_index=phones.index(vault, payout.phone),
        amount_minor=payout.amount.minor,
        currency=payout.amount.currency,
        purpose=payout.purpose,
        remarks=payout.remarks,
        created_at=payout.created_at,
    )


def _campaign(conn: Connection, campaign_id: int) -> CampaignSeen:
    c = campaigns.c
    row = conn.execute(select(c.id, c.slug, c.title, c.goal_minor, c.currency).where(c.id == campaign_id)).one()
    return CampaignSeen(*row)
