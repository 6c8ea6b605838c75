"""The menus of commands. They are a convenience: every command is checked where it is handled."""

import logging
from collections.abc import Iterable, Sequence

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import RetryAfter, TelegramError

from bot.chat.context import Command, Context
from fundraising.people.roles import Person
from letters.language import ENGLISH, LANGUAGES, Language

log = logging.getLogger(__name__)


def for_all(commands: Iterable[Command]) -> dict[str, str]:
    """What each is for, by its name."""
    return {each.name: each.text for each in commands if each.text and each.role is None}


def with_role(commands: Iterable[Command], person: Person | None) -> dict[str, str]:
    """Those that this person may use beside."""
    return {each.name: each.text for each in commands if each.role and person and person.may(each.role)}


async def set_commands(bot: Bot, commands: Sequence[Command]) -> None:
    """In all private chats."""
    for code, language in LANGUAGES.items():
        only_for = None if code == ENGLISH else code
        shown = written(language, for_all(commands))
        await bot.set_my_commands(shown, BotCommandScopeAllPrivateChats(), language_code=only_for)


async def offer(context: Context) -> None:
    """At /start: Telegram shows no menu to a chat that was never begun."""
    person = await context.use_cases.staff.of_chat(context.chat_id)
    if person:
        await set_menu(context, person, context.chat_id)


async def offer_to(context: Context, person: Person) -> None:
    """After a role was given or taken, in every chat of that person."""
    for chat_id in person.chat_ids:
        await set_menu(context, person, chat_id)


async def set_menu(context: Context, person: Person, chat_id: int) -> None:
    scope, commands = BotCommandScopeChat(chat_id), context.bot_data.commands
    try:
        if person.roles:
            shown = for_all(commands) | with_role(commands, person)
            await context.bot.set_my_commands(written(context.language, shown), scope)
        else:
            await context.bot.delete_my_commands(scope)
    except RetryAfter:
        raise
    except TelegramError as error:  # the commands work all the same
        log.info("the menu of commands of chat %s stays as it is: %s", chat_id, error)


def written(_: Language, commands: dict[str, str]) -> list[BotCommand]:
    return [BotCommand(name, _(text)) for name, text in commands.items()]
