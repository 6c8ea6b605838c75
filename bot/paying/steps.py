"""The question that a payout's draft is at."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import put, show, tapped_message
from bot.paying import keyboards
from fundraising.ledger.balances import Standing
from fundraising.money import Money
from fundraising.paying import orders
from fundraising.paying.drafts import PayoutDraft, PayoutStep
from fundraising.refusals import MoreThanAvailable
from letters.paying import asking, payouts

MOST_BUTTONS = 20


async def show_step(update: Update, context: Context, draft: PayoutDraft) -> None:
    match draft.step:
        case PayoutStep.CAMPAIGN:
            await ask_campaign(update, context, draft)
        case PayoutStep.AMOUNT:
            await ask_amount(update, context, draft)
        case PayoutStep.PHONE:
            ngos = (await context.use_cases.ngos.all())[-MOST_BUTTONS:]
            keyboard = keyboards.draft_ngos(context.language, draft, ngos)
            await show(update, context, asking.which_phone(context.language), keyboard)
        case PayoutStep.NAME:
            keyboard = keyboards.draft_cancel(context.language, draft)
            await show(update, context, asking.which_name(context.language), keyboard)
        case PayoutStep.CONFIRM:
            await ask_to_confirm(context, tapped_message(update), draft)


async def ask_campaign(update: Update, context: Context, draft: PayoutDraft) -> None:
    """Also closed ones: they pay out what they have raised."""
    found = (await context.use_cases.campaigns.all())[-MOST_BUTTONS:]
    keyboard = keyboards.draft_campaigns(context.language, draft, found)
    await show(update, context, asking.which_campaign(context.language), keyboard)


async def ask_amount(update: Update, context: Context, draft: PayoutDraft) -> None:
    assert draft.campaign
    standing = await context.use_cases.campaigns.standing(draft.campaign.id)
    text = asking.how_much(context.language, standing)
    await show(update, context, text, keyboards.draft_cancel(context.language, draft))


async def ask_to_confirm(context: Context, message_id: int | None, draft: PayoutDraft) -> None:
    """Raises what no payout can be, before it is confirmed."""
    order = draft.order
    orders.check_shape(order)
    try:
        standing = await demand_available(context, draft, order.amount)
    except MoreThanAvailable:
        await context.use_cases.paying.drafts.forget_amount(draft.id, context.person.id)
        raise
    known = await context.use_cases.paying.cards.known_name(order.phone)
    text = payouts.summary(context.language, draft, standing, known)
    await put(context, message_id, text, keyboards.draft_confirm(context.language, draft))


async def demand_available(context: Context, draft: PayoutDraft, amount: Money) -> Standing:
    """How the draft's campaign stands. Raises MoreThanAvailable."""
    assert draft.campaign
    standing = await context.use_cases.campaigns.standing(draft.campaign.id)
    available = standing.balance.available
    if amount.minor > available.minor:
        raise MoreThanAvailable(available, amount)
    return standing
