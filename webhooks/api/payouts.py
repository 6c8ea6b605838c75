"""Payouts: asked for by one key, approved by another person's."""

from typing import Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict, JsonValue
from pydantic_core import PydanticCustomError

from fundraising.money import Money
from fundraising.paying.orders import Order
from fundraising.paying.records import PayoutRecord
from fundraising.people import phones
from fundraising.people.ngos import Ngo
from fundraising.refusals import NotTheNgosPhone
from fundraising.statuses import PayoutStatus
from letters import outcomes
from letters.language import translate
from webhooks.api.calls import Call, Reply
from webhooks.api.fields import (
    BIGGEST_ID,
    Amount,
    Email,
    Given,
    Id,
    Line,
    Moment,
    Name,
    Page,
    PaidIn,
    PhoneIn,
    Reason,
    Remarks,
    Shape,
)
from webhooks.api.paging import page_of


def all_of(*names: str) -> JsonDict:
    return {"required": list(names), "properties": {name: {"not": {"type": "null"}} for name in names}}


SOMEBODY: JsonValue = [all_of("ngo_id"), all_of("recipient_phone", "recipient_name")]


class RecipientIn(Given):
    """A saved NGO needs no phone and no name: it has its own."""

    model_config = ConfigDict(json_schema_extra={"anyOf": SOMEBODY})

    ngo_id: Id | None = None
    recipient_phone: PhoneIn | None = None
    recipient_name: Name | None = None
    recipient_email: Email | None = Field(None, description="Where the recipient reads what arrived.")
    amount: PaidIn
    currency: Literal["KES"] = "KES"
    purpose: Line | None = None
    remarks: Remarks | Literal[""] | None = Field(None, description="Goes to M-Pesa, which wants some: else Payout.")

    @model_validator(mode="after")
    def names_somebody(self) -> "RecipientIn":
        if self.ngo_id is None and not (self.recipient_phone and self.recipient_name):
            raise PydanticCustomError("recipient", "neither a saved NGO nor phone and name")
        return self


class PayoutIn(RecipientIn):
    campaign_id: Id
    payment_method: Literal["mpesa_b2c"] = "mpesa_b2c"
    duplicate_ok: bool = Field(
        False, strict=True, description="Whether one like another of the last ten minutes is meant."
    )


class RejectionIn(Given):
    reason: Reason


FOR_DECIDERS = "For keys that request or approve payouts; else null."


class ApprovalOut(Shape):
    name: str
    approved_at: Moment


class PayoutOut(Shape):
    id: int
    campaign_id: int
    ngo_id: int | None
    batch_id: int | None = Field(description="Of payouts that were asked for together.")
    recipient_phone: str = Field(description="Whole for keys that request or approve payouts, else masked.")
    recipient_name: str | None = Field(description=FOR_DECIDERS)
    recipient_mpesa_name: str | None = Field(description="In which M-Pesa has the number; null until it has told.")
    recipient_name_differs: bool | None = Field(description="Whether that is another name than was asked for.")
    amount: Amount
    currency: str
    payment_method: Literal["mpesa_b2c"] = "mpesa_b2c"
    conversation_id: str | None = Field(description="M-Pesa's, of the latest attempt.")
    originator_conversation_id: str | None = Field(description="Ours, of the latest attempt.")
    transaction_id: str | None = Field(description="M-Pesa's receipt.")
    status: Literal["pending", "approved", "rejected", "cancelled", "processing", "completed", "failed"]
    status_message: str = Field(description="How it stands, in a sentence for people.")
    failure_reason: str | None
    needs_review: str | None = Field(description="Why people must look, beside the status.")
    purpose: str | None = Field(description=FOR_DECIDERS)
    remarks: str | None = Field(description=FOR_DECIDERS)
    requested_by: str
    approvals: list[ApprovalOut]
    approvals_needed: int
    created_at: Moment
    completed_at: Moment | None


class PayoutsPage(Page):
    campaign_id: int | None = Field(None, ge=1, le=BIGGEST_ID)
    status: PayoutStatus | None = None


async def request(call: Call) -> Reply:
    given = call.body_as(PayoutIn)
    saved = await call.use_cases.ngos.find(given.ngo_id) if given.ngo_id else None
    order = order_from(given, given.campaign_id, saved)
    if saved and order.phone != saved.phone:
        raise NotTheNgosPhone
    payout = await call.use_cases.paying.requests.request(
        order, call.by, despite_duplicate=given.duplicate_ok, turn=call.turn
    )
    return await reply(call, payout.id)


async def one(call: Call) -> Reply:
    return await reply(call, call.ids["payout_id"])


async def many(call: Call) -> Reply:
    page = call.query_as(PayoutsPage)
    return await listed(call, page, page.status, page.campaign_id)


async def of_campaign(call: Call) -> Reply:
    campaign_id = call.ids["campaign_id"]
    await call.use_cases.campaigns.title(campaign_id)
    return await listed(call, call.query_as(Page), None, campaign_id)


async def approve(call: Call) -> Reply:
    """One's own request cannot be approved: it takes another person, by whatever key or chat."""
    payout = await call.use_cases.paying.approvals.approve(
        call.ids["payout_id"], call.by, turn=call.turn, key_id=call.key.id
    )
    return await reply(call, payout.id)


async def reject(call: Call) -> Reply:
    reason = call.body_as(RejectionIn).reason
    payout = await call.use_cases.paying.approvals.reject(call.ids["payout_id"], call.by, reason, turn=call.turn)
    return await reply(call, payout.id)


async def retry(call: Call) -> Reply:
    """Only what has surely failed; the approval holds."""
    payout = await call.use_cases.paying.approvals.retry(call.ids["payout_id"], call.by, turn=call.turn)
    return await reply(call, payout.id)


def order_from(given: RecipientIn, campaign_id: int, saved: Ngo | None) -> Order:
    """`saved`: the NGO that is named, whose phone and name stand in for those not given."""
    phone = phones.parse(given.recipient_phone) if given.recipient_phone else saved.phone if saved else None
    name = given.recipient_name or (saved.name if saved else None)
    assert phone, "checked when the body was read"
    assert name, "likewise"
    amount = Money.of_major(given.amount, given.currency)
    purpose, remarks = given.purpose or "", given.remarks or "Payout"
    return Order(campaign_id, amount, phone, name, purpose, remarks, given.ngo_id, given.recipient_email)


async def reply(call: Call, payout_id: int) -> Reply:
    return Reply(shown(call, await call.use_cases.paying.records.find(payout_id)))


async def listed(call: Call, page: Page, status: PayoutStatus | None, campaign_id: int | None) -> Reply:
    found = await call.use_cases.paying.records.newest(status, campaign_id, page.cursor, page.limit + 1)
    return page_of(lambda record: shown(call, record), found, page.limit)


def shown(call: Call, record: PayoutRecord) -> PayoutOut:
    payout = record.payout if call.sees_people else record.payout.for_viewers()
    failed = payout.status is PayoutStatus.FAILED
    return PayoutOut(
        id=payout.id,
        campaign_id=payout.campaign_id,
        ngo_id=payout.ngo_id,
        batch_id=payout.batch_id,
        recipient_phone=payout.phone.digits if call.sees_people else str(payout.phone),
        recipient_name=payout.recipient_name if call.sees_people else None,
        recipient_mpesa_name=payout.mpesa_name,
        recipient_name_differs=payout.went_to_another_name if payout.mpesa_name else None,
        amount=payout.amount.major,
        currency=payout.amount.currency,
        conversation_id=record.conversation_id,
        originator_conversation_id=record.originator_id,
        transaction_id=payout.receipt,
        status=payout.status.value,
        status_message=outcomes.payout(translate(None), payout),
        failure_reason=(payout.status_message or None) if failed else None,
        needs_review=payout.needs_review,
        purpose=payout.purpose if call.sees_people else None,
        remarks=payout.remarks if call.sees_people else None,
        requested_by=record.requester,
        approvals=[ApprovalOut(name=name, approved_at=at) for name, at in record.approvals],
        approvals_needed=payout.approvals_needed,
        created_at=payout.created_at,
        completed_at=payout.completed_at,
    )
