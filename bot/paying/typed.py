"""What people with a role type: the reason that was asked for, or an answer to the question of their payout's draft."""

from telegram import Update

from bot.chat.context import Context
from bot.paying import batches, deciding, payout


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
    person = await context.use_cases.staff.of_chat(context.chat_id)
    draft = await context.use_cases.paying.drafts.current(person.id) if person and person.roles else None
    if person is None or draft is None:
        return False
    context.person = person
    await payout.typed(update, context, draft, text)
    return True
