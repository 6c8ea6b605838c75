"""After a decision: sending a failed payout again, calling one back, deciding what M-Pesa never told."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.numbers import payout_id
from bot.chat.sending import answer, put, say, set_buttons, tapped_message
from bot.paying.lists import show_card
from letters.paying import asking, reviews

MOST_WORDS = 3


async def retry_button(update: Update, context: Context) -> None:
    """`retry:<id>:<version>`, on the message that told of the failure, which stays."""
    payout = await context.use_cases.paying.approvals.retry(context.number(), context.person.id, context.number(2))
    await answer(update)
    if message_id := tapped_message(update):
        await set_buttons(context.bot, context.chat_id, message_id)
    await say(context, asking.retried(context.language, payout))


async def retry_command(_update: Update, context: Context) -> None:
    payout = await context.use_cases.paying.approvals.retry(payout_id(context), context.person.id)
    await say(context, asking.retried(context.language, payout))


async def cancel_button(update: Update, context: Context) -> None:
    """`stop:<id>`"""
    payout = await context.use_cases.paying.requests.cancel(context.number(), context.person.id)
    await answer(update)
    await put(context, tapped_message(update), asking.payout_cancelled(context.language, payout))


async def cancel_command(_update: Update, context: Context) -> None:
    payout = await context.use_cases.paying.requests.cancel(payout_id(context), context.person.id)
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
    words = (context.args or [])[1:MOST_WORDS]
    what = words[0].lower() if words else ""
    if what not in ("paid", "unpaid", "seen"):
        await say(context, reviews.usage(context.language))
        return
    receipt = words[1].upper() if len(words) > 1 else None
    await say(context, await decided(context, payout_id(context), what, receipt))
    await show_card(context, payout_id(context), None)


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
