"""Deciding on a bulk payout as one, and taking a paused one up again."""

from telegram import Bot, InlineKeyboardMarkup, InputFile, Update

from bot.chat.buttons import button
from bot.chat.context import Context
from bot.chat.sending import answer, put, say, set_buttons, tapped_message
from fundraising.paying.batches import Batch
from fundraising.refusals import PayoutChanged
from fundraising.statuses import PayoutStatus
from fundraising.use_cases import UseCases
from letters.language import Language
from letters.paying import asking, bulk, bulk_result, buttons


def batch_keyboard(_: Language, batch: Batch) -> InlineKeyboardMarkup | None:
    """Resume, while it is paused."""
    if not batch.paused or not batch.count(PayoutStatus.APPROVED, PayoutStatus.PROCESSING):
        return None
    return InlineKeyboardMarkup([[button(_(buttons.RESUME), f"batch:{batch.id}:resume")]])


def decide_keyboard(_: Language, batch: Batch, mac: str) -> InlineKeyboardMarkup:
    """Approve fits the rows that stand above it, and no others."""
    approve = button(_(buttons.APPROVE_ALL), f"batch:{batch.id}:ok:{mac}")
    return InlineKeyboardMarkup([[approve, button(_(buttons.REJECT), f"batch:{batch.id}:no")]])


async def present(bot: Bot, use_cases: UseCases, chat_id: int, _: Language, batch: Batch) -> int:
    """Every row as a file, and only then the message whose buttons decide on them; that message's id."""
    facts = await use_cases.paying.batches.facts(batch.recipients)
    file = InputFile(bulk_result.to_decide(batch, facts), f"to-approve-{batch.id}.csv")
    await bot.send_document(chat_id, file, caption=bulk.whole_list(_, batch))
    text, keyboard = await shown(use_cases, _, batch)
    message = await bot.send_message(chat_id, text, reply_markup=keyboard)
    await use_cases.paying.notices.remember(chat_id, message.message_id, batch_id=batch.id)
    return message.message_id


async def shown(use_cases: UseCases, _: Language, batch: Batch) -> tuple[str, InlineKeyboardMarkup | None]:
    """As it stands: to be decided, or on its way."""
    card = await use_cases.paying.cards.of(batch.payouts[0].id)
    if not batch.pending:
        return bulk.progress(_, batch, card.campaign.title), batch_keyboard(_, batch)
    facts = await use_cases.paying.batches.facts(batch.recipients)
    mac = use_cases.paying.approvals.batch_mac(batch.pending)
    return bulk.please_decide(_, batch, facts, card), decide_keyboard(_, batch, mac)


def reasons_keyboard(_: Language, batch_id: int) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[button(_(reason), f"batch:{batch_id}:no:{at}")] for at, reason in enumerate(buttons.REASONS)]
    )


async def approve(update: Update, context: Context) -> None:
    """`batch:<id>:ok:<what stood above it>`"""
    assert context.matches
    number, digest = context.number(), context.matches[0][2] or ""
    try:
        await context.use_cases.paying.approvals.approve_batch(number, context.person.id, digest)
    except PayoutChanged:  # not the end: it is shown as it is now
        await answer(update)
        await set_buttons(context.bot, context.chat_id, tapped_message(update) or 0)
        await say(context, bulk.changed_meanwhile(context.language))
        batch = await context.use_cases.paying.batches.find(number)
        await present(context.bot, context.use_cases, context.chat_id, context.language, batch)
        return
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
    title = await context.use_cases.campaigns.title(batch.campaign_id)
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
    text, keyboard = await shown(context.use_cases, context.language, batch)
    if message_id:
        await put(context, message_id, text, keyboard)
    else:
        await say(context, text, keyboard)
