"""The switch: `/freeze` by one checker or owner, `/unfreeze` by two owners."""

from telegram import InlineKeyboardMarkup, Update

from bot.chat.buttons import button
from bot.chat.context import Context
from bot.chat.sending import answer, put, say, tapped_message
from letters.language import Language
from letters.people import switch
from letters.people.buttons import UNFREEZE

A_REASON = 200


async def freeze(_update: Update, context: Context) -> None:
    reason = " ".join(context.args or [])[:A_REASON]
    await context.use_cases.paying.switch.freeze(context.person.id, reason)
    await say(context, switch.now_frozen(context.language))


async def unfreeze_command(_update: Update, context: Context) -> None:
    opened = await context.use_cases.paying.switch.unfreeze(context.person.id)
    await say(context, outcome(context.language, opened))


async def unfreeze_button(update: Update, context: Context) -> None:
    """`unfreeze`"""
    opened = await context.use_cases.paying.switch.unfreeze(context.person.id)
    await answer(update)
    await put(context, tapped_message(update), outcome(context.language, opened))


def outcome(_: Language, opened: bool) -> str:
    return switch.now_unfrozen(_) if opened else switch.second_owner_asked(_)


def unfreeze_keyboard(_: Language) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button(_(UNFREEZE), "unfreeze")]])
