"""The buttons of a gift's steps: `give:<draft id>:…`. Each moves the draft and shows the next question."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import NO_KEYBOARD, answer, say, set_buttons, tapped_message
from bot.giving import confirm
from bot.giving.steps import LAST, ask_new_phone, own_draft, put_share_button_away, show_step
from fundraising.giving.drafts import Draft, Step
from fundraising.money import Money
from letters.giving import asking


async def amount(update: Update, context: Context) -> None:
    """`give:<draft id>:amount:<shillings>`"""
    shillings = Money.shillings(context.number(2))
    drafts = context.use_cases.drafts
    await moved(update, context, await drafts.set_amount(context.number(), context.donor.id, shillings, context.key))


async def used_phone(update: Update, context: Context) -> None:
    """`give:<draft id>:phone:<the donor's gift that was paid from it>`, or `…:last`"""
    assert context.matches
    draft, gift = await own_draft(context), context.matches[0][2]
    phone = context.donor.last_phone
    if gift != LAST:
        phone = await context.use_cases.donations.phone_of(int(gift), context.donor.id)
    if phone:
        draft = await context.use_cases.drafts.set_phone(draft.id, context.donor.id, phone, context.key)
    await moved(update, context, draft)


async def other_phone(update: Update, context: Context) -> None:
    """`give:<draft id>:phone:other`"""
    draft = await own_draft(context)
    await answer(update)
    if draft.step is Step.PHONE:
        await ask_new_phone(update, context, draft)
    else:
        await show_step(update, context, draft)


async def back(update: Update, context: Context) -> None:
    """`give:<draft id>:back:amount` or `…:phone`"""
    assert context.matches
    step = Step(context.matches[0][2])
    drafts = context.use_cases.drafts
    await moved(update, context, await drafts.back(context.number(), context.donor.id, step, context.key))


async def moved(update: Update, context: Context, draft: Draft) -> None:
    await answer(update)
    await put_share_button_away(context)
    await show_step(update, context, draft)


async def cancel_button(update: Update, context: Context) -> None:
    """`give:<draft id>:cancel`"""
    await own_draft(context)
    await context.use_cases.drafts.cancel(context.donor.id)
    await answer(update)
    if message_id := tapped_message(update):
        await set_buttons(context.bot, context.chat_id, message_id)
    await say(context, asking.cancelled(context.language), NO_KEYBOARD)


async def try_again(update: Update, context: Context) -> None:
    """Button `again:<donation id>`, on the message that told of the failure, which stays. One tap, one prompt."""
    draft = await context.use_cases.drafts.try_again(context.number(), context.donor.id, context.key)
    await answer(update)
    if message_id := tapped_message(update):
        await set_buttons(context.bot, context.chat_id, message_id)
    await put_share_button_away(context)
    await confirm.again(context, draft)
