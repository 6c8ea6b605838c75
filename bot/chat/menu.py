"""The menu of commands of a person with a role. It is a convenience: every command is checked where it is handled."""

import logging

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import RetryAfter, TelegramError

from bot.chat.commands import menu
from bot.chat.context import Context
from fundraising.people.roles import Person
from letters.language import Language
from letters.people.guide import of_person

log = logging.getLogger(__name__)


async def offer(context: Context) -> None:
    """At /start: Telegram shows no menu to a chat that was never begun."""
    person = await context.use_cases.staff.of_chat(context.chat_id)
    if person:
        await set_menu(context.bot, context.language, person, context.chat_id)


async def offer_to(context: Context, person: Person) -> None:
    """After a role was given or taken, in every chat of that person."""
    for chat_id in person.chat_ids:
        await set_menu(context.bot, context.language, person, chat_id)


async def set_menu(bot: Bot, _: Language, person: Person, chat_id: int) -> None:
    scope = BotCommandScopeChat(chat_id)
    try:
        if person.roles:
            of_role = [BotCommand(name, text) for name, text in of_person(_, person).items()]
            await bot.set_my_commands([*menu(_), *of_role], scope)
        else:
            await bot.delete_my_commands(scope)
    except RetryAfter:
        raise
    except TelegramError as error:  # the commands work all the same
        log.info("the menu of commands of chat %s stays as it is: %s", chat_id, error)
