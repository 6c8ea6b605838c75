"""Methods about the bot itself, its commands and its chats."""

import msgspec

from standins.telegram.parameters import Parameters
from standins.telegram.profile import Scope, ScopeKey, commands_of, scope_key
from standins.telegram.refusals import BadRequest
from standins.telegram.sending import chat_of
from standins.telegram.state import Telegram

MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
MAX_DOWNLOAD = 20 * 1024 * 1024


async def get_me(telegram: Telegram, given: Parameters) -> object:
    return {
        **telegram.bot(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_chat(telegram: Telegram, given: Parameters) -> object:
    user = telegram.user(chat_of(telegram, given))
    return {**user.as_chat(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": NO_GIFTS}


NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


def place(telegram: Telegram, given: Parameters) -> ScopeKey:
    scope = msgspec.convert(given.structure("scope") or {}, Scope)
    if scope.type == "chat":
        telegram.reachable(int(scope.chat_id or 0))
    language = given.text("language_code") or ""
    if language and not (len(language) == 2 and language.islower()):
        raise BadRequest("invalid language code specified")
    return scope_key(scope, language)


async def set_my_commands(telegram: Telegram, given: Parameters) -> object:
    commands = commands_of(given.structure("commands"))
    telegram.profile.commands[place(telegram, given)] = commands
    telegram.events.emit("commands")
    return True


async def delete_my_commands(telegram: Telegram, given: Parameters) -> object:
    telegram.profile.commands.pop(place(telegram, given), None)
    telegram.events.emit("commands")
    return True


async def get_my_commands(telegram: Telegram, given: Parameters) -> object:
    return telegram.profile.commands.get(place(telegram, given), [])


async def set_my_description(telegram: Telegram, given: Parameters) -> object:
    describe(telegram, telegram.profile.descriptions, given, "description", MAX_DESCRIPTION)
    return True


async def set_my_short_description(telegram: Telegram, given: Parameters) -> object:
    describe(telegram, telegram.profile.short_descriptions, given, "short_description", MAX_SHORT_DESCRIPTION)
    return True


async def get_my_description(telegram: Telegram, given: Parameters) -> object:
    return {"description": telegram.profile.descriptions.get(given.text("language_code") or "", "")}


async def get_my_short_description(telegram: Telegram, given: Parameters) -> object:
    return {"short_description": telegram.profile.short_descriptions.get(given.text("language_code") or "", "")}


def describe(telegram: Telegram, kept: dict[str, str], given: Parameters, name: str, longest: int) -> None:
    text = given.text(name) or ""
    if len(text) > longest:
        raise BadRequest(f"{name.replace('_', ' ')} is too long")
    kept[given.text("language_code") or ""] = text
    telegram.events.emit("commands")


async def get_file(telegram: Telegram, given: Parameters) -> object:
    file = telegram.files.get(given.needed("file_id"))
    if len(file.content) > MAX_DOWNLOAD:
        raise BadRequest("file is too big")
    return file.as_file()


async def acknowledge(telegram: Telegram, given: Parameters) -> object:
    """For methods whose effect nobody here could see."""
    return True
