"""What people with a role type: the reason that was asked for, or an answer to the question of their payout's draft."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import say
from bot.paying import batches, deciding, payout
from bot.paying.steps import show_step
from fundraising.paying.drafts import PayoutDraft, PayoutStep
from fundraising.people import phones
from letters import guide


async def reason(context: Context, text: str) -> bool:
    """Whether a reason was asked for in this chat, and this was it."""
    notices = context.use_cases.paying.notices
    asked = await notices.reason_asked(context.chat_id)
    person = await context.use_cases.staff.of_chat(context.chat_id) if asked else None
    if asked is None or person is None or not person.roles:
        return False
    context.person = person
    try:
        if asked.batch_id:
            await batches.reject_for(context, asked.batch_id, text)
        elif asked.payout_id:
            await deciding.reject_for(context, asked.payout_id, text)
    finally:
        await notices.forget_reason(context.chat_id)
    return True


async def answer_of_draft(update: Update, context: Context, text: str) -> bool:
    """Whether a payout is being put together here."""
    draft = await open_draft(context)
    if draft:
        await payout.typed(update, context, draft, text)
    return draft is not None


async def phone_of_draft(update: Update, context: Context, phone: phones.Phone) -> bool:
    """The same, of a contact that was shared. Only where the number is asked for."""
    draft = await open_draft(context)
    if draft and draft.step is PayoutStep.PHONE:
        await payout.give_phone(update, context, draft, phone)
        return True
    return False


async def ask_again(update: Update, context: Context) -> bool:
    """The same, of what is no text: the question is repeated."""
    draft = await open_draft(context)
    if draft:
        await say(context, guide.only_text(context.language))
        await show_step(update, context, draft)
    return draft is not None


async def open_draft(context: Context) -> PayoutDraft | None:
    person = await context.use_cases.staff.of_chat(context.chat_id)
    if person is None or not person.roles:
        return None
    context.person = person
    return await context.use_cases.paying.drafts.current(person.id)
