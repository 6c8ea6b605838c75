"""Whom money is paid to again and again."""

from pydantic import Field

from fundraising.people import phones
from fundraising.people.ngos import Ngo
from webhooks.api.calls import Call, Reply
from webhooks.api.fields import Email, Given, Name, Page, PhoneIn, Shape
from webhooks.api.paging import page_of


class NgoIn(Given):
    name: Name = Field(description="As M-Pesa knows the recipient.")
    phone_number: PhoneIn
    email: Email | None = Field(None, description="Where the recipient reads what arrived.")
    duplicate_ok: bool = Field(
        False, strict=True, description="Whether it is meant, though the number or the name is saved already."
    )


class NgoOut(Shape):
    id: int
    name: str | None = Field(description="For keys that request or approve payouts; else null.")
    phone_number: str = Field(description="Whole for keys that request or approve payouts, else masked.")


async def add(call: Call) -> Reply:
    given = call.body_as(NgoIn)
    ngo = await call.use_cases.ngos.add(
        given.name, phones.parse(given.phone_number), email=given.email, by=call.by, is_meant=given.duplicate_ok
    )
    return Reply(shown(call, ngo))


async def one(call: Call) -> Reply:
    return Reply(shown(call, await call.use_cases.ngos.find(call.ids["ngo_id"])))


async def many(call: Call) -> Reply:
    page = call.query_as(Page)
    found = await call.use_cases.ngos.newest(page.cursor, page.limit + 1)
    return page_of(lambda ngo: shown(call, ngo), found, page.limit)


def shown(call: Call, ngo: Ngo) -> NgoOut:
    number = ngo.phone.digits if call.sees_people else str(ngo.phone)
    return NgoOut(id=ngo.id, name=ngo.name if call.sees_people else None, phone_number=number)
