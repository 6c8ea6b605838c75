"""`/balance`: what M-Pesa's accounts hold."""

from telegram import InlineKeyboardMarkup, Update

from bot.chat.buttons import button
from bot.chat.context import Context
from bot.chat.sending import answer, show
from letters import buttons
from letters.books import balance as letters


async def balance(update: Update, context: Context) -> None:
    paying = context.use_cases.paying
    text = letters.balance(context.language, await paying.float.held(), await paying.switch.state())
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
