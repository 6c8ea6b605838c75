"""One donation, from the tap to the receipt."""

from typing import Any

from sqlalchemy import Connection, select

from fundraising import campaigns
from fundraising.audit.story import shared
from fundraising.audit.story.events import Event, Facts, Story, What, in_order
from fundraising.evidence.record import PaymentKind, Source
from fundraising.evidence.tokens import Purpose
from fundraising.giving import donation as giving
from fundraising.giving import undecided
from fundraising.ledger.causes import Cause, Correction, Decision, Donation, InSuspense, Out, Receipt, Shortfall
from fundraising.messages import Kind
from fundraising.money import Money
from fundraising.news import ABOUT_A_DONATION
from fundraising.people import consent, phones, roles
from fundraising.refusals import NoSuchDonation
from mpesa.masking import mask_checkout_id
from storage.consent_tables import consents
from storage.tables import campaigns as titled
from storage.tables import claims, donations, suspense
from storage.vault import Vault


def story_of(conn: Connection, vault: Vault, donation_id: int) -> Story:
    """Raises NoSuchDonation."""
    row = conn.execute(select(donations).where(donations.c.id == donation_id)).one_or_none()
    if row is None:
        raise NoSuchDonation
    said = shared.evidence_about(conn, vault, PaymentKind.DONATION, [donation_id], Purpose.PUSH)
    codes = conn.execute(select(claims).where(claims.c.donation_id == donation_id).order_by(claims.c.id)).all()
    strays = conn.execute(select(suspense).where(suspense.c.donation_id == donation_id)).all()
    claim_ids = [each.id for each in codes]
    return Story(
        Kind.DONATION,
        donation_id,
        Money(row.amount_minor, row.currency),
        row.status,
        row.needs_review,
        row.receipt,
        in_order(
            beginning(conn, vault, row),
            said,
            [Event(each.created_at, What.CLAIMED, {"code": each.code}) for each in codes],
            asked(row, said),
            [suspended(each) for each in strays],
            said_about(conn, vault, [Correction(donation_id), *(Receipt(each.receipt) for each in strays)]),
            settled(row),
            shared.posted(conn, causes_of(donation_id, [each.receipt for each in strays])),
            shared.told_of(conn, vault, Kind.DONATION, donation_id),
        ),
        shared.waiting(
            conn,
            {"donation_id": [donation_id], "claim_id": claim_ids},
            lambda job: job.get("subject_id") == donation_id and job.get("alarm") in ABOUT_A_DONATION,
        ),
    )


def causes_of(donation_id: int, receipts: list[str]) -> list[Cause]:
    """Also where two people put what came beside it."""
    correction = Correction(donation_id)
    beside: list[InSuspense] = [correction, *map(Receipt, receipts)]
    return [Donation(donation_id), *beside, *map(Decision, beside), Shortfall(correction), Out(correction)]


def beginning(conn: Connection, vault: Vault, row: Any) -> list[Event]:
    created: Facts = {
        "by": "chat" if row.draft_id else "api",
        "amount": Money(row.asked_minor or row.amount_minor, row.currency),
        "campaign": campaigns.load_one(conn, campaigns.c.id == row.campaign_id).title,
        "donor_id": row.donor_id,
        "phone": str(phones.unseal(vault, row.phone_sealed, giving.phone_place(row.id))),
        "reference": row.reference,
    }
    checkout = giving.checkout_id_of(conn, vault, row.id)
    prompted: Facts = {"push": row.push, "checkout_id": mask_checkout_id(checkout) if checkout else None}
    return [Event(row.created_at, What.CREATED, created), Event(row.pushed_at, What.PROMPTED, prompted)]


def asked(row: Any, said: list[Event]) -> list[Event]:
    """The latest question, where its answer is not among the evidence."""
    answered = any(each.facts["source"] == Source.QUERY and row.asked_at and each.at >= row.asked_at for each in said)
    return [] if row.asked_at is None or answered else [Event(row.asked_at, What.ASKED, {})]


def suspended(row: Any) -> Event:
    facts: Facts = {"amount": Money(row.amount_minor, row.currency), "receipt": row.receipt, "reason": row.reason}
    return Event(row.created_at, What.SUSPENDED, facts)


def said_about(conn: Connection, vault: Vault, beside: list[InSuspense]) -> list[Event]:
    """Who said where it belongs, and who agreed."""
    titles = {each.id: each.title for each in conn.execute(select(titled.c.id, titled.c.title))}
    subjects = [undecided.matter_of(cause).subject for cause in beside]
    of_these = (consents.c.kind == consent.Kind.SUSPENSE, consents.c.subject.in_(subjects))
    found: list[Event] = []
    for row in conn.execute(select(consents).where(*of_these).order_by(consents.c.id)):
        campaign_id = undecided.campaign_in(row.answer)
        facts: Facts = {
            "by": roles.name_of(conn, vault, row.proposer_id),
            "campaign": titles.get(campaign_id) if campaign_id else None,
        }
        found.append(Event(row.created_at, What.SAID, facts))
        if row.confirmer_id is not None:
            found.append(Event(row.confirmed_at, What.AGREED, {"by": roles.name_of(conn, vault, row.confirmer_id)}))
    return found


def settled(row: Any) -> list[Event]:
    facts: Facts = {"status": row.status, "reason": row.failure, "receipt": row.receipt}
    return [Event(row.settled_at, What.SETTLED, facts)] if row.settled_at else []
