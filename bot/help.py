"""`/help`, and a polite line for what we cannot do anything with."""

from telegram import Update

from bot.context import Context
from bot.sending import say
from fundraising.refusals import DraftGone
from letters import guide
from letters.treasury import guide as treasury


async def explain(_update: Update, context: Context) -> None:
    person = await context.use_cases.staff.of_chat(context.chat_id)
    of_role = treasury.explained(context.language, person) if person and person.roles else ""
    await say(context, guide.explained(context.language) + of_role)


async def unknown_command(_update: Update, context: Context) -> None:
    await say(context, guide.unknown_command(context.language))


async def unknown_message(_update: Update, context: Context) -> None:
    await say(context, guide.not_understood(context.language))


async def unknown_button(_update: Update, _context: Context) -> None:
    """A button that no message of ours has had for long, or never had."""
    raise DraftGone
