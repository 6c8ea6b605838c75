"""The question that a draft is at. The draft lives in the database, so any message or tap can take it up."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import NO_KEYBOARD, note_share_button, put, say, show, tapped_message
from bot.giving import keyboards
from fundraising.giving.drafts import Draft, Step
from fundraising.refusals import DraftGone
from letters.giving import asking

MOST_PHONES = 3  # to choose from
LAST = "last"  # the one noted for the next gift


async def show_step(update: Update, context: Context, draft: Draft) -> None:
    match draft.step:
        case Step.AMOUNT:
            await ask_amount(update, context, draft)
        case Step.PHONE:
            await ask_phone(update, context, draft)
        case Step.CONFIRM:
            await ask_to_confirm(context, tapped_message(update), draft)
        case Step.CAMPAIGN:
            raise AssertionError("a draft begins with its campaign")


async def ask_amount(update: Update, context: Context, draft: Draft) -> None:
    assert draft.campaign
    progress = await context.use_cases.campaigns.find(draft.campaign.id)
    text = asking.ask_amount(context.language, progress)
    await show(update, context, text, keyboards.amounts(context.language, draft))


async def ask_phone(update: Update, context: Context, draft: Draft) -> None:
    known = await context.use_cases.donations.phones_of(context.donor.id, MOST_PHONES)
    last = context.donor.last_phone
    used = {f"{donation_id}": phone.local for donation_id, phone in known}
    if last and last.local not in used.values():  # shared or typed, and not used yet
        used = {LAST: last.local, **dict(list(used.items())[: MOST_PHONES - 1])}
    if not used:
        await ask_new_phone(update, context, draft)
        return
    text = asking.ask_known_phone(context.language, draft)
    await show(update, context, text, keyboards.phones(context.language, draft, used))


async def ask_new_phone(update: Update, context: Context, draft: Draft) -> None:
    """Two messages: the button that shares a number stands below the chat, and one message has one kind of buttons."""
    _ = context.language
    await show(update, context, asking.chosen(_, draft), keyboards.while_asking_phone(_, draft))
    await say(context, asking.ask_phone(_), keyboards.share_phone(_))
    await note_share_button(context, shown=True)


async def put_share_button_away(context: Context) -> None:
    """Where the question for the number is left by another way than an answer."""
    if context.donor.asked_to_share:
        await say(context, asking.share_button_gone(context.language), NO_KEYBOARD)


async def take_phone(context: Context, draft: Draft) -> None:
    """After a typed or shared number: repeats it, and with that takes the sharing button away."""
    await say(context, asking.phone_taken(context.language, draft), NO_KEYBOARD)


async def ask_to_confirm(context: Context, message_id: int | None, draft: Draft) -> int:
    text = asking.summary(context.language, draft)
    return await put(context, message_id, text, keyboards.confirm(context.language, draft))


async def own_draft(context: Context) -> Draft:
    """The draft that the tapped button belongs to. Raises DraftGone."""
    draft = await open_draft(context, context.number())
    if draft is None:
        raise DraftGone
    return draft


async def open_draft(context: Context, draft_id: int) -> Draft | None:
    draft = await context.use_cases.drafts.current(context.donor.id)
    return draft if draft and draft.id == draft_id else None
