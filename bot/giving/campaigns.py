"""The list of campaigns, and the choice of one, which begins a gift."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import answer, show
from bot.giving import keyboards
from bot.giving.steps import put_share_button_away, show_step
from letters.giving import campaigns as letters

A_PAGE = 8


async def first_page(update: Update, context: Context) -> None:
    await put_share_button_away(context)
    await show_page(update, context, 0)


async def turned(update: Update, context: Context) -> None:
    """Button `page:<number>`."""
    await answer(update)
    await show_page(update, context, context.number())


async def show_page(update: Update, context: Context, page: int) -> None:
    found = await context.use_cases.campaigns.open_ones(A_PAGE + 1, page * A_PAGE)
    shown, has_next = found[:A_PAGE], len(found) > A_PAGE
    keyboard = keyboards.campaigns(context.language, shown, page, has_next)
    await show(update, context, letters.listed(context.language, shown), keyboard)


async def chosen(update: Update, context: Context) -> None:
    """Button `campaign:<id>`."""
    await begin(update, context, context.number())


async def begin(update: Update, context: Context, campaign_id: int) -> None:
    draft = await context.use_cases.drafts.begin(context.donor.id, context.key, campaign_id)
    if update.callback_query:
        await answer(update)
    await put_share_button_away(context)
    await show_step(update, context, draft)
