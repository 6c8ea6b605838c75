"""`/start`: a greeting, or straight to the campaign of a link `t.me/<bot>?start=c_<slug>`."""

from telegram import Update

from bot.chat import menu
from bot.chat.context import Context
from bot.chat.sending import NO_KEYBOARD, say
from bot.giving import campaigns
from letters import guide

CAMPAIGN = "c_"


async def start(update: Update, context: Context) -> None:
    await menu.offer(context)
    if await context.use_cases.missed.catch_up(context.chat_id):
        await say(context, guide.welcome_back(context.language), NO_KEYBOARD)
    payload = context.args[0] if context.args else ""
    if payload.startswith(CAMPAIGN):
        found = await context.use_cases.campaigns.by_slug(payload.removeprefix(CAMPAIGN))
        await campaigns.begin(update, context, found.campaign.id)
        return
    await say(context, guide.welcome(context.language), NO_KEYBOARD)
    await campaigns.first_page(update, context)
