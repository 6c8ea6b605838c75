"""Donations: a prompt on the donor's phone, and what became of it."""

from typing import Literal

from pydantic import Field

from fundraising.giving.records import DonationRecord
from fundraising.money import Money
from fundraising.people import phones
from fundraising.statuses import DonationStatus
from letters import outcomes
from letters.language import translate
from webhooks.api.calls import Call, Reply
from webhooks.api.fields import BIGGEST_ID, Amount, GiftIn, Given, Id, Moment, Page, PhoneIn, Shape
from webhooks.api.paging import page_of


class DonationIn(Given):
    donor_id: Id
    campaign_id: Id
    amount: GiftIn
    currency: Literal["KES"] = "KES"
    payment_method: Literal["mpesa"] = "mpesa"
    phone_number: PhoneIn


CHECKOUT_ID = (
    "M-Pesa's CheckoutRequestID; null while it is not known. It may end in the payer's number: cut short, but for keys "
    "that request or approve payouts."
)


class DonationOut(Shape):
    id: int
    status: Literal["pending", "completed", "failed", "refunded"]
    payment_intent_id: str | None = Field(description=CHECKOUT_ID)
    amount: Amount
    currency: str
    payment_method: Literal["mpesa"] = "mpesa"
    phone_number: str = Field(description="Masked.")
    receipt: str | None = Field(description="M-Pesa's, once it is known.")
    campaign_id: int
    donor_id: int
    reference: str = Field(description="The account on M-Pesa's prompt and statement.")
    needs_review: str | None = Field(description="Why a person must look, beside the status.")
    failure_reason: str | None
    message: str = Field(description="How it stands, in a sentence for people.")
    created_at: Moment
    completed_at: Moment | None


class DonationsPage(Page):
    campaign_id: int | None = Field(None, ge=1, le=BIGGEST_ID)
    status: DonationStatus | None = None


async def start(call: Call) -> Reply:
    """Answers when M-Pesa has, or after ten seconds: how it ends is asked for with GET."""
    given = call.body_as(DonationIn)
    amount, phone = Money.of_major(given.amount, given.currency), phones.parse(given.phone_number)
    by = (call.turn, call.key.id)
    donation = await call.use_cases.donations.start(given.donor_id, given.campaign_id, amount, phone, *by)
    return Reply(shown(call, await call.use_cases.donation_records.find(donation.id)))


async def one(call: Call) -> Reply:
    return Reply(shown(call, await call.use_cases.donation_records.find(call.ids["donation_id"])))


async def many(call: Call) -> Reply:
    page = call.query_as(DonationsPage)
    records = call.use_cases.donation_records
    found = await records.newest(page.status, page.campaign_id, page.cursor, page.limit + 1)
    return page_of(lambda record: shown(call, record), found, page.limit)


def shown(call: Call, record: DonationRecord) -> DonationOut:
    record = record if call.sees_people else record.for_viewers()
    donation = record.donation
    return DonationOut(
        id=donation.id,
        status=donation.status.value,
        payment_intent_id=record.checkout_id,
        amount=donation.amount.major,
        currency=donation.amount.currency,
        phone_number=str(record.phone),
        receipt=donation.receipt,
        campaign_id=donation.campaign_id,
        donor_id=donation.donor_id,
        reference=donation.reference,
        needs_review=donation.needs_review,
        failure_reason=donation.failure,
        message=outcomes.donation(translate(None), donation),
        created_at=donation.created_at,
        completed_at=donation.settled_at if donation.status is DonationStatus.COMPLETED else None,
    )
