"""`/trace donation 17`, `/trace payout 3`, `/trace TKM1AB2CD3`: what happened to one payment."""

from collections.abc import Iterable
from html import unescape

from telegram import InlineKeyboardMarkup, Update

from bot.chat.buttons import button
from bot.chat.context import Context
from bot.chat.gate import demand
from bot.chat.sending import answer, say
from fundraising.audit.story.events import Story
from fundraising.people.roles import Role
from letters import story as letters

LONGEST = 4000  # of a message's 4,096
MOST_BUTTONS = 5  # of each kind


async def trace(_update: Update, context: Context) -> None:
    demand(context, Role.VIEWER)
    if not context.args:
        await choose(context)
        return
    await tell(context, await context.use_cases.stories.told(context.args))


async def button_pressed(update: Update, context: Context) -> None:
    """`trace:<donation or payout>:<id>`"""
    assert context.matches
    demand(context, Role.VIEWER)
    story = await context.use_cases.stories.told([context.matches[0][1], context.matches[0][2]])
    await answer(update)
    await tell(context, story)


async def choose(context: Context) -> None:
    """The newest of both, a button each."""
    gifts = await context.use_cases.donation_records.newest(None, None, None, MOST_BUTTONS)
    sent = await context.use_cases.paying.records.newest(None, None, None, MOST_BUTTONS)
    _ = context.language
    of_gifts = [button(unescape(letters.gift_button(_, each)), f"trace:donation:{each.id}") for each in gifts]
    of_payouts = [button(unescape(letters.payout_button(_, each.payout)), f"trace:payout:{each.id}") for each in sent]
    buttons = [*of_payouts, *of_gifts]
    await say(context, letters.which(_), InlineKeyboardMarkup([[each] for each in buttons]))


async def tell(context: Context, story: Story) -> None:
    story = story if context.person.sees_people else story.for_viewers()
    for message in packed(letters.lines(context.language, story)):
        await say(context, message)


def packed(lines: Iterable[str]) -> list[str]:
    """As few messages as they fit into, with no line cut."""
    messages: list[str] = []
    for line in lines:
        if messages and len(messages[-1]) + 1 + len(line) <= LONGEST:
            messages[-1] += f"\n{line}"
        else:
            messages.append(line[:LONGEST])
    return messages
