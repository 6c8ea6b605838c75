"""`/help`, and a polite line for what we cannot do anything with."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import say
from letters import guide
from letters.people import guide as of_staff


async def explain(_update: Update, context: Context) -> None:
    person = await context.use_cases.staff.of_chat(context.chat_id)
    of_role = of_staff.explained(context.language, person) if person and person.roles else ""
    await say(context, guide.explained(context.language) + of_role)
