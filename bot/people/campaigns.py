"""`/campaign`: opening and closing what people give to."""

from html import unescape

from telegram import InlineKeyboardMarkup, Update

from bot.chat.buttons import button
from bot.chat.context import Context
from bot.chat.gate import demand
from bot.chat.sending import answer, put, say, tapped_message
from fundraising import typed_amounts
from fundraising.money import Money
from fundraising.people.roles import Role
from letters.people import buttons
from letters.people import campaigns as letters


async def campaign(_update: Update, context: Context) -> None:
    """`/campaign`, or `/campaign add <goal in shillings> <title>`"""
    demand(context, Role.OWNER)
    words = context.args or []
    if words[:1] == ["add"] and len(words) > 2:
        added = await context.use_cases.campaigns.add(" ".join(words[2:]), goal_in(words[1]))
        namesakes = await context.use_cases.campaigns.namesakes(added)
        await say(context, letters.added(context.language, added, namesakes))
        return
    found = [each.campaign for each in await context.use_cases.campaigns.all()]
    label = context.language
    rows = [
        [button(unescape(label(buttons.CLOSE_CAMPAIGN, title=each.title)), f"close:{each.id}")]
        for each in found
        if each.is_open
    ]
    await say(context, letters.listed(context.language, found), InlineKeyboardMarkup(rows))


def goal_in(word: str) -> Money:
    """Raises NotAnAmount. A goal may be far above what M-Pesa takes at a time."""
    return typed_amounts.read(word)


async def close(update: Update, context: Context) -> None:
    """`close:<campaign id>`"""
    demand(context, Role.OWNER)
    await context.use_cases.campaigns.close(context.number())
    await answer(update)
    closed = (await context.use_cases.campaigns.find(context.number())).campaign
    await put(context, tapped_message(update), letters.closed(context.language, closed))
