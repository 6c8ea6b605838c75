"""`/report`: the open campaigns in figures."""

from telegram import Update

from bot.context import Context
from bot.sending import say
from letters.treasury import report as letters


async def report(_update: Update, context: Context) -> None:
    found = await context.use_cases.campaigns.open_ones()
    standings = [await context.use_cases.standings.of(each.campaign.id) for each in found]
    await say(context, letters.report(context.language, standings))
