"""The button Confirm: one prompt on the phone, however often and however late the tap arrives."""

from collections.abc import Callable
from datetime import timedelta

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import answer, put, tapped_message
from bot.giving import keyboards
from bot.giving.steps import ask_to_confirm, open_draft
from fundraising.giving.donation import Donation
from fundraising.giving.drafts import Draft, Step
from fundraising.refusals import Refused
from letters.giving import asking, prompt
from letters.language import Language

TOO_LATE = timedelta(minutes=2)  # a phone that rings long after the tap surprises its owner


async def confirm(update: Update, context: Context) -> None:
    """`give:<draft id>:confirm:<what moved the draft last>`"""
    assert context.matches
    await answer(update)
    draft_id, message_id = context.number(), tapped_message(update)
    draft = await open_draft(context, draft_id)
    if draft is None or draft.step is not Step.CONFIRM:  # confirmed before, or gone
        donation = await context.use_cases.donations.confirm(draft_id, context.donor.id, message_id)
        await show_state(context, message_id, donation)
    elif context.now - context.received_at > TOO_LATE:
        await ask_anew(context, message_id, draft, asking.came_too_late)
    elif draft.moved_by != context.matches[0][2]:  # an older summary, while another amount or phone was chosen below
        await ask_anew(context, message_id, draft, asking.changed_meanwhile)
    else:
        await ask_mpesa(context, message_id, draft)


async def again(context: Context, draft: Draft) -> None:
    """The same gift once more, which was confirmed before it failed."""
    if context.now - context.received_at > TOO_LATE:
        await ask_anew(context, None, draft, asking.came_too_late)
    else:
        await ask_mpesa(context, None, draft)


async def ask_anew(
    context: Context, message_id: int | None, draft: Draft, letter: Callable[[Language, Draft], str]
) -> None:
    keyboard = keyboards.confirm(context.language, draft)
    await put(context, message_id, letter(context.language, draft), keyboard)


async def ask_mpesa(context: Context, message_id: int | None, draft: Draft) -> None:
    message_id = await put(context, message_id, prompt.one_moment(context.language))
    try:
        donation = await context.use_cases.donations.confirm(draft.id, context.donor.id, message_id)
    except Refused:  # told elsewhere; here the buttons come back
        await ask_to_confirm(context, message_id, draft)
        raise
    await show_state(context, message_id, donation)


async def show_state(context: Context, message_id: int | None, donation: Donation) -> None:
    """M-Pesa may decide while this is being shown, so it is compared once more."""
    title = await context.use_cases.campaigns.title(donation.campaign_id)
    phone = (await context.use_cases.donations.phone_of(donation.id, context.donor.id)).local
    text = prompt.state(context.language, donation, title, phone)
    message_id = await put(context, message_id, text)
    latest = prompt.state(context.language, await context.use_cases.donations.find(donation.id), title, phone)
    if latest != text:
        await put(context, message_id, latest)
