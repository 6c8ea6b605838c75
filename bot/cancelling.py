"""`/cancel`: whatever is being put together in this chat, a gift or a payout."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import NO_KEYBOARD, say
from bot.paying import payout
from letters.giving import asking


async def cancel_command(update: Update, context: Context) -> None:
    cancelled = await context.use_cases.drafts.cancel(context.donor.id)
    if await payout.cancel_whatever_is_open(context):
        return
    letter = asking.cancelled if cancelled else asking.nothing_to_cancel
    await say(context, letter(context.language), NO_KEYBOARD)
