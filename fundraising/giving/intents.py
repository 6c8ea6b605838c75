"""What is written into the journal before a phone is prompted."""

from sqlalchemy import Connection, select

from fundraising.giving.donation import Donation
from fundraising.journal import PushAnswered, PushIntent, campaign_seen, place
from fundraising.people import phones
from mpesa.msisdn import Msisdn
from storage import facts
from storage.tables import donors
from storage.vault import Vault


def of_push(conn: Connection, vault: Vault, donation: Donation, phone: Msisdn, token_hash: bytes) -> PushIntent:
    donor = conn.execute(select(donors.c.chat_id, donors.c.language).where(donors.c.id == donation.donor_id)).one()
    return PushIntent(
        book=facts.book(conn),
        at=donation.pushed_at,
        donation_id=donation.id,
        reference=donation.reference,
        campaign=campaign_seen(conn, donation.campaign_id),
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
