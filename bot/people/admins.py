"""`/admins`: who has which role. What could make one person two is confirmed by a second owner."""

from html import unescape

from telegram import InlineKeyboardMarkup, Update

from bot.chat import menu
from bot.chat.buttons import button
from bot.chat.context import Context
from bot.chat.gate import demand
from bot.chat.numbers import number_in
from bot.chat.sending import answer, put, say, show, tapped_message
from fundraising.names import tidy
from fundraising.people.roles import Person, Role
from fundraising.people.staff import Proposal
from fundraising.refusals import NoSuchPerson
from letters.language import Language
from letters.people import admins as letters
from letters.people import buttons


async def admins(update: Update, context: Context) -> None:
    words = context.args or []
    match words[:1]:
        case ["add"]:
            await add(context, words[1:])
        case ["link"]:
            await link(context, words[1:])
        case ["rename"]:
            await rename(context, words[1:])
        case _other:
            await listed(update, context)


async def listed(update: Update, context: Context) -> None:
    found, waiting = await context.use_cases.staff.all(), await context.use_cases.staff.waiting()
    keyboard = list_keyboard(context.language, found, waiting) if context.person.may(Role.OWNER) else None
    await show(update, context, letters.people(context.language, found, waiting), keyboard)


def list_keyboard(_: Language, found: list[Person], waiting: list[Proposal]) -> InlineKeyboardMarkup:
    rows = [confirm_keyboard(_, each).inline_keyboard[0] for each in waiting]
    for person in found:
        for role in sorted(person.roles):
            label = unescape(_(buttons.REMOVE_ROLE, name=person.name, role=_(letters.ROLES[role])))
            rows.append((button(label, f"role:{person.id}:{role}:take"),))
    return InlineKeyboardMarkup(rows)


def confirm_keyboard(_: Language, proposal: Proposal) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button(unescape(letters.on_button(_, proposal)), f"role:{proposal.id}:confirm")]])


async def add(context: Context, words: list[str]) -> None:
    """`<Telegram id> <role> <name>`"""
    chat_id = number_in(words[0]) if words else None
    role = words[1].lower() if len(words) > 1 else ""
    if chat_id is None or role not in set(Role) or len(words) < 3:
        await say(context, letters.usage(context.language))
        return
    name = tidy(" ".join(words[2:]))
    proposal = await context.use_cases.staff.add(chat_id, name, Role(role), context.person.id)
    if proposal:
        await say(context, letters.proposed(context.language, proposal))
        return
    await renew_menu(context, chat_id)
    person = await context.use_cases.staff.of_chat(chat_id)
    known_as = person.name if person else name
    stays = [letters.stays(context.language, known_as)] if known_as != name else []
    await say(context, "\n".join([letters.added(context.language, known_as, Role(role)), *stays]))


async def rename(context: Context, words: list[str]) -> None:
    """`<number of the person> <name>`"""
    person_id, name = number_in(words[0]) if words else None, tidy(" ".join(words[1:]))
    if person_id is None or not name:
        await say(context, letters.usage(context.language))
        return
    await context.use_cases.staff.rename(person_id, name, context.person.id)
    await say(context, letters.renamed(context.language, person_id, name))


async def link(context: Context, words: list[str]) -> None:
    """`<Telegram id> <number of the person>`"""
    chat_id, person_id = (number_in(word) for word in (*words[:2], "", "")[:2])
    if chat_id is None or person_id is None:
        await say(context, letters.usage(context.language))
    elif await context.use_cases.staff.of_chat(chat_id):
        await say(context, letters.account_taken(context.language))
    else:
        proposal = await context.use_cases.staff.link(chat_id, person_id, context.person.id)
        if proposal:
            await say(context, letters.proposed(context.language, proposal))
            return
        await renew_menu(context, chat_id)
        await say(context, letters.linked(context.language))


async def confirm(update: Update, context: Context) -> None:
    """`role:<proposal id>:confirm`"""
    proposal = await context.use_cases.staff.confirm(context.number(), context.person.id)
    await answer(update)
    await menu.offer_to(context, proposal.person)
    await put(context, tapped_message(update), letters.done(context.language, proposal))


async def take(update: Update, context: Context) -> None:
    """`role:<person id>:<role>:take`"""
    assert context.matches
    demand(context, Role.OWNER)  # before it says whom it knows
    person = next((each for each in await context.use_cases.staff.all() if each.id == context.number()), None)
    if person is None:
        raise NoSuchPerson
    role = Role(context.matches[0][2])
    proposal = await context.use_cases.staff.remove(person.id, role, context.person.id)
    await answer(update)
    if proposal:
        await put(context, tapped_message(update), letters.proposed(context.language, proposal))
        return
    for chat_id in person.chat_ids[:1]:  # one finds them all; who came by an API key may have none
        await renew_menu(context, chat_id)
    await put(context, tapped_message(update), letters.removed(context.language, person.name, role))


async def renew_menu(context: Context, chat_id: int) -> None:
    person = await context.use_cases.staff.of_chat(chat_id)
    if person:
        await menu.offer_to(context, person)
