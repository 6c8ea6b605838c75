"""Donors who give through another program than Telegram."""

from pydantic import Field

from fundraising.people.donors import Listed
from webhooks.api.calls import Call, Reply
from webhooks.api.fields import Email, Given, Moment, Name, Page, Shape
from webhooks.api.paging import page_of


class DonorIn(Given):
    name: Name
    email: Email | None = Field(None, description="Where receipts are wanted.")


class DonorOut(Shape):
    id: int
    name: str | None = Field(description="Null for keys that only look.")
    created_at: Moment


async def add(call: Call) -> Reply:
    given = call.body_as(DonorIn)
    donor = await call.use_cases.donors.without_chat(given.name, email=given.email)
    return Reply(shown(call, await call.use_cases.donors.listed(donor.id)))


async def one(call: Call) -> Reply:
    return Reply(shown(call, await call.use_cases.donors.listed(call.ids["donor_id"])))


async def many(call: Call) -> Reply:
    page = call.query_as(Page)
    found = await call.use_cases.donors.newest(page.cursor, page.limit + 1)
    return page_of(lambda donor: shown(call, donor), found, page.limit)


def shown(call: Call, donor: Listed) -> DonorOut:
    return DonorOut(id=donor.id, name=donor.name if call.sees_people else None, created_at=donor.created_at)
