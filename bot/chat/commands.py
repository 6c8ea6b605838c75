"""The menu of commands in private chats. It is a convenience: every command is checked where it is handled."""

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats

from letters.guide import COMMANDS
from letters.language import ENGLISH, LANGUAGES, Language


async def set_commands(bot: Bot) -> None:
    for code, language in LANGUAGES.items():
        only_for = None if code == ENGLISH else code
        await bot.set_my_commands(menu(language), BotCommandScopeAllPrivateChats(), language_code=only_for)


def menu(_: Language) -> list[BotCommand]:
    return [BotCommand(name, _(text)) for name, text in COMMANDS.items()]
