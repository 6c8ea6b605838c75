"""`/trace donation 17`, `/trace payout 3`, `/trace TKM1AB2CD3`: what happened to one payment."""

from collections.abc import Iterable

from telegram import Update

from bot.chat.context import Context
from bot.chat.gate import demand
from bot.chat.sending import say
from fundraising.people.roles import Role
from letters import story as letters

LONGEST = 4000  # of a message's 4,096


async def trace(_update: Update, context: Context) -> None:
    demand(context, Role.VIEWER)
    story = await context.use_cases.stories.told(context.args or [])
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
