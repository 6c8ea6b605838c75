"""Many payouts asked for as one: all of them, or none."""

import asyncio
from typing import Literal

from pydantic import Field

from fundraising.paying import bulk_file
from fundraising.paying.bulk_file import Row
from fundraising.refusals import BadBulkFile
from webhooks.api import payouts
from webhooks.api.calls import Call, Reply
from webhooks.api.fields import BIGGEST_ID, Amount, Given, Id, Shape
from webhooks.api.payouts import PayoutOut, RecipientIn


class RowIn(RecipientIn):
    campaign_id: Id | None = Field(None, description="The same as that of the whole, if it is said again.")
    payment_method: Literal["mpesa_b2c"] = "mpesa_b2c"


class BulkIn(Given):
    campaign_id: Id
    payouts: list[RowIn] = Field(min_length=1, max_length=bulk_file.MOST_ROWS)
    duplicate_ok: bool = Field(
        False, strict=True, description="Whether some of it was asked for minutes ago, or comes twice in it."
    )


class BulkQuery(Given):
    """For a CSV or XLSX file, which has the columns name, phone and amount, and may have purpose and ngo_id."""

    campaign_id: int | None = Field(None, ge=1, le=BIGGEST_ID)
    duplicate_ok: bool = False


class BulkOut(Shape):
    batch_id: int
    campaign_id: int
    total: Amount
    currency: str
    payouts: list[PayoutOut]


async def request(call: Call) -> Reply:
    rows, duplicate_ok = await (rows_of_table(call) if call.table is not None else rows_of_json(call))
    batches = call.use_cases.paying.batches
    batch = await batches.request(rows, call.by, call.sent_as, duplicate_ok, turn=call.turn)
    found = await call.use_cases.paying.records.of_batch(batch.id)
    return Reply(
        BulkOut(
            batch_id=batch.id,
            campaign_id=batch.campaign_id,
            total=batch.total.major,
            currency=batch.total.currency,
            payouts=[payouts.shown(call, record) for record in found],
        )
    )


async def rows_of_json(call: Call) -> tuple[list[Row], bool]:
    """Raises BadBulkFile with the place in the list, counted from 1."""
    given = call.body_as(BulkIn)
    check_campaign(given)
    saved = {ngo.id: ngo for ngo in await call.use_cases.ngos.all()}
    bulk_file.check_saved([(number, each.ngo_id) for number, each in enumerate(given.payouts, start=1)], saved)
    orders = [payouts.order_from(each, given.campaign_id, saved.get(each.ngo_id or 0)) for each in given.payouts]
    rows = [Row(number, order) for number, order in enumerate(orders, start=1)]
    bulk_file.check_recipients(rows, saved)
    bulk_file.check_shapes(rows)
    return rows, given.duplicate_ok


def check_campaign(given: BulkIn) -> None:
    rows = enumerate(given.payouts, start=1)
    if errors := [(number, "campaign") for number, row in rows if row.campaign_id not in (None, given.campaign_id)]:
        raise BadBulkFile(errors)


async def rows_of_table(call: Call) -> tuple[list[Row], bool]:
    """Raises NoSuchCampaign, BadBulkFile with the line."""
    query = call.query_as(BulkQuery)
    saved = {ngo.id: ngo for ngo in await call.use_cases.ngos.all()}
    rows = await asyncio.to_thread(bulk_file.read, call.table or b"", query.campaign_id or 0)
    bulk_file.check_recipients(rows, saved)
    return rows, query.duplicate_ok
