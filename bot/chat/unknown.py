"""A polite line for what we cannot do anything with."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import say
from fundraising.refusals import DraftGone
from letters import guide


async def unknown_command(_update: Update, context: Context) -> None:
    await say(context, guide.unknown_command(context.language))


async def unknown_message(_update: Update, context: Context) -> None:
    await say(context, guide.not_understood(context.language))


async def unknown_button(_update: Update, _context: Context) -> None:
    """A button that no message of ours has had for long, or never had."""
    raise DraftGone
