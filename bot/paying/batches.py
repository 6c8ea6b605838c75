"""Deciding on a bulk payout as one, and taking a paused one up again."""

from telegram import InlineKeyboardMarkup, Update

from bot.chat.buttons import button
from bot.chat.context import Context
from bot.chat.sending import answer, put, say, tapped_message
from fundraising.paying.batches import Batch
from fundraising.statuses import PayoutStatus
from letters.language import Language
from letters.paying import asking, bulk, buttons


def batch_keyboard(_: Language, batch: Batch) -> InlineKeyboardMarkup | None:
    """Resume, while it is paused."""
    if not batch.paused or not batch.count(PayoutStatus.APPROVED, PayoutStatus.PROCESSING):
        return None
    return InlineKeyboardMarkup([[button(_(buttons.RESUME), f"batch:{batch.id}:resume")]])


def decide_keyboard(_: Language, batch: Batch) -> InlineKeyboardMarkup:
    approve = button(_(buttons.APPROVE_ALL), f"batch:{batch.id}:ok")
    return InlineKeyboardMarkup([[approve, button(_(buttons.REJECT), f"batch:{batch.id}:no")]])


def reasons_keyboard(_: Language, batch_id: int) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[button(_(reason), f"batch:{batch_id}:no:{at}")] for at, reason in enumerate(buttons.REASONS)]
    )


async def approve(update: Update, context: Context) -> None:
    """`batch:<id>:ok`"""
    await context.use_cases.paying.approvals.approve_batch(context.number(), context.person.id)
    await answer(update)
    await show(context, context.number(), tapped_message(update))


async def ask_reason(update: Update, context: Context) -> None:
    """`batch:<id>:no`"""
    batch = await context.use_cases.paying.batches.find(context.number())
    await answer(update)
    if not batch.count(PayoutStatus.PENDING):
        await show(context, batch.id, tapped_message(update))
        return
    _ = context.language
    title = (await context.use_cases.campaigns.find(batch.campaign_id)).campaign.title
    text = f"{bulk.head(_, batch, title)}\n\n{asking.why_reject(_)}"
    message_id = await put(context, tapped_message(update), text, reasons_keyboard(_, batch.id))
    await context.use_cases.paying.notices.ask_reason(context.chat_id, message_id, batch_id=batch.id)


async def reject_button(update: Update, context: Context) -> None:
    """`batch:<id>:no:<which of the reasons>`"""
    reason = context.language(buttons.REASONS[context.number(2) % len(buttons.REASONS)])
    await context.use_cases.paying.approvals.reject_batch(context.number(), context.person.id, reason)
    await context.use_cases.paying.notices.forget_reason(context.chat_id)
    await answer(update)
    await show(context, context.number(), tapped_message(update))


async def reject_for(context: Context, batch_id: int, reason: str) -> None:
    await context.use_cases.paying.approvals.reject_batch(batch_id, context.person.id, reason)
    await show(context, batch_id, None)


async def resume(update: Update, context: Context) -> None:
    """`batch:<id>:resume`"""
    await context.use_cases.paying.batches.resume(context.number(), context.person.id)
    await answer(update)
    await show(context, context.number(), tapped_message(update))


async def show(context: Context, batch_id: int, message_id: int | None) -> None:
    batch = await context.use_cases.paying.batches.find(batch_id)
    title = (await context.use_cases.campaigns.find(batch.campaign_id)).campaign.title
    text = bulk.progress(context.language, batch, title)
    if message_id:
        await put(context, message_id, text, batch_keyboard(context.language, batch))
    else:
        await say(context, text, batch_keyboard(context.language, batch))
