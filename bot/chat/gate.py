"""Who may see the treasurer's side at all. What they may do there is checked by the rules, when it is done."""

import logging
from datetime import datetime

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message, Update

from bot.chat import unknown
from bot.chat.context import Context, Handler
from fundraising.people.roles import Person, Role
from fundraising.people.staff import name_until_start
from fundraising.refusals import ButtonOfAnotherBook, NotAllowed

log = logging.getLogger(__name__)


def staff_only(handle: Handler) -> Handler:
    """To a person without a role such a command is as unknown as any other."""

    async def guarded(update: Update, context: Context) -> None:
        person = await context.use_cases.staff.of_chat(context.chat_id)
        if person is None or not person.roles:
            await turn_away(update, context)
            return
        context.person = await introduced(update, context, person)
        if update.callback_query:
            await demand_that_it_is_of_this_book(context, update.callback_query)
        await handle(update, context)

    return guarded


async def introduced(update: Update, context: Context, person: Person) -> Person:
    """With the name that Telegram knows, if only a number is known so far."""
    if person.name != name_until_start(context.chat_id) or update.effective_user is None:
        return person
    await context.use_cases.staff.introduce(context.chat_id, update.effective_user.full_name)
    return await context.use_cases.staff.of_chat(context.chat_id) or person


async def demand_that_it_is_of_this_book(context: Context, query: CallbackQuery) -> None:
    """Raises ButtonOfAnotherBook. A message too old for Telegram has no date, and is one of 1970."""
    restored_at = await context.use_cases.recovery.restored_at()
    if restored_at and (query.message is None or last_written(query.message) <= restored_at):
        raise ButtonOfAnotherBook


def last_written(message: MaybeInaccessibleMessage) -> datetime:
    return (isinstance(message, Message) and message.edit_date) or message.date


def demand(context: Context, role: Role) -> None:
    """For what no rule guards, as no money moves by it. Raises NotAllowed."""
    if not context.person.may(role):
        raise NotAllowed(role)


async def turn_away(update: Update, context: Context) -> None:
    message, query = update.effective_message, update.callback_query
    tried = (query.data if query else message and (message.text or message.caption)) or ""
    log.warning("chat %s has no role and tried %r", context.chat_id, first_word(tried))
    if query:
        await unknown.unknown_button(update, context)
    elif message and message.document:
        await unknown.unknown_message(update, context)
    else:
        await unknown.unknown_command(update, context)


def first_word(tried: str) -> str:
    """Without what follows: names and phone numbers do not belong in a log."""
    return tried.split()[0].split(":")[0][:32] if tried.split() else ""
