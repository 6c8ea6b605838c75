"""After a decision: sending a failed payout again, calling one back, deciding what M-Pesa never told."""

from html import escape

from telegram import InlineKeyboardMarkup, Update

from bot.chat.buttons import button
from bot.chat.context import Context
from bot.chat.numbers import payout_id
from bot.chat.sending import answer, put, say, set_buttons, tapped_message
from bot.paying.lists import choose_one, show_card
from bot.paying.steps import show_step
from fundraising.paying.doable import Act
from fundraising.refusals import MoreMustAgree, Refused, ReplacedSince
from letters.paying import asking, buttons, reviews
from letters.refusals import sentence

NEEDS_A_NEW_YES = (ReplacedSince, MoreMustAgree)
MOST_WORDS = 3


async def retry_button(update: Update, context: Context) -> None:
    """`retry:<id>:<version>`, on the message that told of the failure, which stays."""
    number = context.number()
    try:
        payout = await context.use_cases.paying.approvals.retry(number, context.person.id, context.number(2))
    except NEEDS_A_NEW_YES as refused:
        await answer(update)
        await offer_anew(context, number, refused)
        return
    await answer(update)
    if message_id := tapped_message(update):
        await set_buttons(context.bot, context.chat_id, message_id)
    await say(context, asking.retried(context.language, payout))


async def offer_anew(context: Context, number: int, refused: Refused) -> None:
    """Not the end: a new payout like it can be asked for, and somebody says yes to that one."""
    again = button(context.language(buttons.ASK_ANEW), f"anew:{number}")
    await say(context, escape(sentence(context.language, refused), quote=False), InlineKeyboardMarkup([[again]]))


async def anew(update: Update, context: Context) -> None:
    """`anew:<id>`: a summary to confirm, filled in like that payout."""
    payout = await context.use_cases.paying.requests.find(context.number())
    order = (payout.campaign_id, payout.amount, payout.phone, payout.recipient_name)
    await context.use_cases.drafts.cancel(context.donor.id)  # what is typed next belongs to one of the two
    draft = await context.use_cases.paying.drafts.begin(context.person.id, context.key, *order)
    await answer(update)
    await show_step(update, context, draft)


async def retry_command(_update: Update, context: Context) -> None:
    number = payout_id(context)
    if number is None:
        await choose_one(context, Act.RETRY)
        return
    try:
        payout = await context.use_cases.paying.approvals.retry(number, context.person.id)
    except NEEDS_A_NEW_YES as refused:
        await offer_anew(context, number, refused)
        return
    await say(context, asking.retried(context.language, payout))


async def cancel_button(update: Update, context: Context) -> None:
    """`stop:<id>`"""
    payout = await context.use_cases.paying.requests.cancel(context.number(), context.person.id)
    await answer(update)
    await put(context, tapped_message(update), asking.payout_cancelled(context.language, payout))


async def cancel_command(_update: Update, context: Context) -> None:
    number = payout_id(context)
    if number is None:
        await choose_one(context, Act.CANCEL)
        return
    payout = await context.use_cases.paying.requests.cancel(number, context.person.id)
    await say(context, asking.payout_cancelled(context.language, payout))


async def review_button(update: Update, context: Context) -> None:
    """`review:<id>:paid`, `…:unpaid` or `…:seen`"""
    assert context.matches
    text = await decided(context, context.number(), context.matches[0][2], None)
    await answer(update)
    await say(context, text)
    await show_card(context, context.number(), None)


async def resolve(_update: Update, context: Context) -> None:
    """`/resolve <id> paid <M-Pesa code>`, `… unpaid` or `… seen`"""
    number = payout_id(context)
    if number is None:
        await choose_one(context, Act.RESOLVE)
        return
    words = (context.args or [])[1:MOST_WORDS]
    what = words[0].lower() if words else ""
    if what not in ("paid", "unpaid", "seen"):
        await say(context, reviews.usage(context.language))
        return
    receipt = words[1].upper() if len(words) > 1 else None
    await say(context, await decided(context, number, what, receipt))
    await show_card(context, number, None)


async def decided(context: Context, number: int, what: str, receipt: str | None) -> str:
    """The sentence about it."""
    review, by = context.use_cases.paying.review, context.person.id
    if what == "seen":
        await review.close(number, by)
        return reviews.closed(context.language, number)
    payout = await review.decide(number, by, what == "paid", receipt)
    if payout.needs_review:
        return reviews.noted_first(context.language, number)
    return reviews.settled(context.language, number)
