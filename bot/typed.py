"""What people type or share, as it is understood, in this order: a code from M-Pesa, an answer, a number, nothing."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import NO_KEYBOARD, say
from bot.giving import claimed
from bot.giving.steps import show_step, take_phone
from bot.paying import typed as staff
from fundraising.giving import amounts, codes
from fundraising.giving.drafts import Draft, Step
from fundraising.people import phones, typed_phones
from fundraising.refusals import NotAPhoneNumber
from letters import guide
from letters.giving import asking


async def text(update: Update, context: Context) -> None:
    """A code is understood whatever was asked; only a reason for rejecting may be a sentence about a code."""
    message = update.effective_message
    assert message
    typed = message.text or message.caption or ""
    if not codes.is_nothing_but_a_code(typed) and await staff.reason(context, typed):
        return
    if await claimed.codes_in(context, typed):
        return
    draft = await context.use_cases.drafts.current(context.donor.id)
    if draft:
        await answer_of_draft(update, context, draft, typed)
    elif not await staff.answer_of_draft(update, context, typed):
        await with_nothing_open(context, typed)


async def answer_of_draft(update: Update, context: Context, draft: Draft, typed: str) -> None:
    if draft.step is Step.PHONE or typed_phones.looks_like_one(typed):  # also when an amount is asked, or Confirm
        await phone(update, context, draft, typed_phones.read(typed))
    elif draft.step is Step.AMOUNT:
        parsed = amounts.parse(typed)
        draft = await context.use_cases.drafts.set_amount(draft.id, context.donor.id, parsed, context.key)
        await show_step(update, context, draft)
    else:
        await say(context, asking.press_confirm(context.language))


async def with_nothing_open(context: Context, typed: str) -> None:
    """A number is noted for the next gift, whenever it comes."""
    try:
        number = typed_phones.read(typed)
    except NotAPhoneNumber:
        await say(context, guide.not_understood(context.language), NO_KEYBOARD)
        return
    await context.use_cases.own_phones.remember(context.donor.id, number)
    await say(context, asking.phone_noted(context.language, number.local), NO_KEYBOARD)


async def contact(update: Update, context: Context) -> None:
    """Also somebody else's card: the number stands in full in the summary, and only its owner knows the PIN."""
    message, user = update.effective_message, update.effective_user
    assert message
    assert message.contact
    assert user
    number = phones.parse(message.contact.phone_number)
    is_own = message.contact.user_id == user.id
    if is_own:
        await context.use_cases.own_phones.shared(context.donor.id, number)
    draft = await context.use_cases.drafts.current(context.donor.id)
    if draft:
        await phone(update, context, draft, number)
    elif not await staff.phone_of_draft(update, context, number):
        await context.use_cases.own_phones.remember(context.donor.id, number)
        letter = asking.own_phone_noted if is_own else asking.phone_noted
        await say(context, letter(context.language, number.local), NO_KEYBOARD)


async def phone(update: Update, context: Context, draft: Draft, number: phones.Phone) -> None:
    draft = await context.use_cases.drafts.set_phone(draft.id, context.donor.id, number, context.key)
    await take_phone(context, draft)
    await show_step(update, context, draft)


async def not_text(update: Update, context: Context) -> None:
    """A photo, a file, a voice: what was asked is asked again, and nothing is lost."""
    message = update.effective_message
    if message and message.caption and await claimed.codes_in(context, message.caption):
        return
    draft = await context.use_cases.drafts.current(context.donor.id)
    if draft:
        await say(context, guide.only_text(context.language))
        await show_step(update, context, draft)
    elif not await staff.ask_again(update, context):
        await say(context, guide.not_understood_file(context.language))
