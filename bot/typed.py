"""What people type or share: an answer to the question that their draft is at, or a code from M-Pesa's message."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import NO_KEYBOARD, say
from bot.giving.steps import show_step, take_phone
from bot.paying import typed as staff
from fundraising.giving import amounts
from fundraising.giving.claims import code_in
from fundraising.giving.drafts import Draft, Step
from fundraising.people import phones
from letters import guide
from letters.giving import asking, results


async def text(update: Update, context: Context) -> None:
    message = update.effective_message
    assert message
    typed = message.text or ""
    if await staff.reason(context, typed):
        return
    if is_code(typed) and await claimed(context, typed):
        return
    draft = await context.use_cases.drafts.current(context.donor.id)
    if draft and draft.step is Step.AMOUNT:
        await amount(update, context, draft, typed)
    elif draft and draft.step is Step.PHONE:
        await phone(update, context, draft, typed)
    elif draft and draft.step is Step.CONFIRM:
        await say(context, asking.press_confirm(context.language))
    elif not await staff.answer_of_draft(update, context, typed):
        await say(context, guide.not_understood(context.language), NO_KEYBOARD)


async def contact(update: Update, context: Context) -> None:
    """Also somebody else's card: the number stands in full in the summary, and only its owner knows the PIN."""
    message = update.effective_message
    assert message
    assert message.contact
    draft = await context.use_cases.drafts.current(context.donor.id)
    if draft:
        await phone(update, context, draft, message.contact.phone_number)
    else:
        await say(context, guide.not_understood(context.language), NO_KEYBOARD)


async def amount(update: Update, context: Context, draft: Draft, typed: str) -> None:
    parsed = amounts.parse(typed)
    draft = await context.use_cases.drafts.set_amount(draft.id, context.donor.id, parsed, context.key)
    await show_step(update, context, draft)


async def phone(update: Update, context: Context, draft: Draft, typed: str) -> None:
    parsed = phones.parse(typed)
    draft = await context.use_cases.drafts.set_phone(draft.id, context.donor.id, parsed, context.key)
    await take_phone(context, draft)
    await show_step(update, context, draft)


def is_code(typed: str) -> bool:
    """`KES1500000` has the form of a code and is an amount."""
    return code_in(typed) is not None and amounts.TYPED.fullmatch(typed.strip()) is None


async def claimed(context: Context, typed: str) -> bool:
    donation = await context.use_cases.claims.claim(context.donor.id, typed)
    if donation:
        await say(context, results.code_kept(context.language, donation))
    return donation is not None
