"""`/start`: a greeting, or straight to the campaign of a link `t.me/<bot>?start=c_<slug>`."""

from telegram import Update

from bot.chat import gate, menu
from bot.chat.context import Context
from bot.chat.sending import NO_KEYBOARD, say
from bot.giving import campaigns
from bot.people import desk
from letters import guide
from letters.people import welcome as of_staff

CAMPAIGN = "c_"


async def start(update: Update, context: Context) -> None:
    await menu.offer(context)
    if await context.use_cases.missed.catch_up(context.chat_id):
        await say(context, guide.welcome_back(context.language), NO_KEYBOARD)
    person = await context.use_cases.staff.of_chat(context.chat_id)
    if person and person.roles:
        context.person = await gate.introduced(update, context, person)
    payload = context.args[0] if context.args else ""
    if payload.startswith(CAMPAIGN):
        found = await context.use_cases.campaigns.by_slug(payload.removeprefix(CAMPAIGN))
        await campaigns.begin(update, context, found.campaign.id)
        return
    if person and person.roles:
        await say(context, await desk.welcome(context), NO_KEYBOARD)
        return
    await say(context, guide.welcome(context.language), NO_KEYBOARD)
    await campaigns.first_page(update, context)


async def who_am_i(_update: Update, context: Context) -> None:
    """`/id`: the number by which an owner names somebody, for everybody."""
    person = await context.use_cases.staff.of_chat(context.chat_id)
    await say(context, of_staff.telegram_number(context.language, context.chat_id, person))
