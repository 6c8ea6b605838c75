"""`/help`: how it works, and every command that this person may use."""

from telegram import Update

from bot.chat import menu
from bot.chat.context import Context
from bot.chat.sending import say
from letters import guide


async def explain(_update: Update, context: Context) -> None:
    person = await context.use_cases.staff.of_chat(context.chat_id)
    commands = context.bot_data.commands
    await say(context, guide.explained(context.language, menu.for_all(commands), menu.with_role(commands, person)))
