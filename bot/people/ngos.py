"""`/ngos`: whom money is paid to again and again."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.gate import demand
from bot.chat.sending import say
from fundraising.people import phones
from fundraising.people.roles import Role
from letters.people import ngos as letters


async def ngos(_update: Update, context: Context) -> None:
    """`/ngos`, or `/ngos add <phone> <name>`; `anyway` for `add` where the like of it is saved, and it is meant."""
    words = context.args or []
    if words[:1] not in (["add"], ["anyway"]):
        await say(
            context, letters.listed(context.language, await context.use_cases.ngos.all(), context.person.sees_people)
        )
        return
    demand(context, Role.MAKER)
    if len(words) < 3:
        await say(context, letters.usage(context.language))
        return
    is_meant = words[0] == "anyway"
    phone, name = phones.parse(words[1]), " ".join(words[2:])
    saved = await context.use_cases.ngos.add(name, phone, by=context.person.id, is_meant=is_meant)
    await say(context, letters.added(context.language, saved))
