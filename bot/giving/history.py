"""`/history`: the donor's own gifts, a page at a time."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import answer, show
from bot.giving import keyboards
from fundraising.giving.donation import Donation
from letters.giving import history as letters

A_PAGE = 10


async def newest(update: Update, context: Context) -> None:
    await show_page(update, context, await context.use_cases.donations.history(context.donor.id, A_PAGE + 1))


async def older(update: Update, context: Context) -> None:
    """Button `history:<the id before which it goes on>`."""
    await answer(update)
    before = context.number()
    await show_page(update, context, await context.use_cases.donations.history(context.donor.id, A_PAGE + 1, before))


async def show_page(update: Update, context: Context, found: list[Donation]) -> None:
    page = found[:A_PAGE]
    campaign_ids = {donation.campaign_id for donation in page}
    titles = await context.use_cases.campaigns.titles(campaign_ids)
    keyboard = keyboards.older(context.language, page[-1].id) if len(found) > A_PAGE else None
    await show(update, context, letters.history(context.language, page, titles), keyboard)
