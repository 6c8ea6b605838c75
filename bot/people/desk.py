"""What waits for one person with a role, and what they can do first: the answer to `/start`."""

from bot.chat.context import Context
from fundraising.paying.doable import Act
from fundraising.people.roles import Role
from letters.people import welcome as letters
from letters.people.welcome import Waiting

MOST_COUNTED = 50


async def welcome(context: Context) -> str:
    organisation = context.bot.first_name  # what the organisation has called its bot
    return letters.welcome(context.language, context.person, organisation, await waiting_for(context))


async def waiting_for(context: Context) -> dict[Waiting, int]:
    person, house = context.person, context.use_cases
    records = house.paying.records
    found = {
        Waiting.TO_APPROVE: await records.count_doable(person, Act.DECIDE),
        Waiting.IN_REVIEW: await records.count_doable(person, Act.RESOLVE),
        Waiting.TO_RETRY: await records.count_doable(person, Act.RETRY),
    }
    if person.may(Role.CHECKER):
        found[Waiting.IN_SUSPENSE] = len(await house.suspense.waiting(MOST_COUNTED))
    if person.may(Role.OWNER):
        found[Waiting.ROLES] = sum(each.proposer_id != person.id for each in await house.staff.waiting())
    return {kind: count for kind, count in found.items() if count}
