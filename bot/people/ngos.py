"""`/ngos`: whom money is paid to again and again."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.gate import demand
from bot.chat.sending import say
from fundraising.people import phones
from fundraising.people.roles import Role
from letters.people import ngos as letters


async def ngos(_update: Update, context: Context) -> None:
    """`/ngos`, or `/ngos add <phone> <name>`"""
    words = context.args or []
    if words[:1] != ["add"]:
        await say(
            context, letters.listed(context.language, await context.use_cases.ngos.all(), context.person.sees_people)
        )
        return
    demand(context, Role.MAKER)
    if len(words) < 3:
        await say(context, letters.usage(context.language))
        return
    saved = await context.use_cases.ngos.add(" ".join(words[2:]), phones.parse(words[1]))
    await say(context, letters.added(context.language, saved))
