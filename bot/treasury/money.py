"""`/balance`, and the switch: `/freeze` by one checker or owner, `/unfreeze` by two owners."""

from telegram import InlineKeyboardMarkup, Update

from bot.context import Context
from bot.keyboards import button
from bot.sending import answer, put, say, show, tapped_message
from letters.language import Language
from letters.treasury import buttons, switch

A_REASON = 200


async def balance(update: Update, context: Context) -> None:
    paying = context.use_cases.paying
    text = switch.balance(context.language, await paying.float.held(), await paying.switch.state())
    refresh = button(context.language(buttons.ASK_AGAIN), "balance")
    await show(update, context, text, InlineKeyboardMarkup([[refresh]]))


async def balance_command(update: Update, context: Context) -> None:
    await context.use_cases.paying.float.ask_anew()
    await balance(update, context)


async def balance_button(update: Update, context: Context) -> None:
    """`balance`"""
    await context.use_cases.paying.float.ask_anew()
    await answer(update)
    await balance(update, context)


async def freeze(_update: Update, context: Context) -> None:
    reason = " ".join(context.args or [])[:A_REASON]
    because = switch.by_hand(context.language, context.person.name, reason)
    await context.use_cases.paying.switch.freeze(context.person.id, because)
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
    return switch.unfrozen(_) if opened else switch.second_owner_asked(_)


def unfreeze_keyboard(_: Language) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button(_(buttons.UNFREEZE), "unfreeze")]])
