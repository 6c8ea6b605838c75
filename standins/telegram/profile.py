"""What the bot says of itself: its commands by scope and language, its descriptions."""

import re
from dataclasses import dataclass, field

import msgspec
from msgspec import Struct

from standins.telegram.refusals import BadRequest

NAME = re.compile(r"[a-z0-9_]{1,32}")
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256


class Command(Struct, frozen=True):
    command: str
    description: str


class Scope(Struct, frozen=True):
    type: str = "default"
    chat_id: int | str | None = None
    user_id: int | None = None


ScopeKey = tuple[str, str, str]


@dataclass
class Profile:
    commands: dict[ScopeKey, list[Command]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def commands_for(self, user_id: int, language: str) -> list[Command]:
        """What the menu of a private chat shows: Telegram takes the first list that it finds in this order."""
        places = [("chat", str(user_id)), ("all_private_chats", ""), ("default", "")]
        keys = [(kind, chat, spoken) for kind, chat in places for spoken in (language, "")]
        return next((self.commands[key] for key in keys if self.commands.get(key)), [])


def scope_key(scope: Scope, language: str) -> ScopeKey:
    return (scope.type, "" if scope.chat_id is None else str(scope.chat_id), language)


def commands_of(given: object) -> list[Command]:
    try:
        commands = msgspec.convert(given or [], list[Command])
    except msgspec.ValidationError as error:
        raise BadRequest(f"can't parse list of bot commands: {error}") from None
    if len(commands) > MAX_COMMANDS:
        raise BadRequest("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        check(command)
    return commands


def check(command: Command) -> None:
    if not NAME.fullmatch(command.command.removeprefix("/")):
        raise BadRequest("BOT_COMMAND_INVALID")
    if not command.description:
        raise BadRequest("command description must be non-empty")
    if len(command.description) > MAX_COMMAND_DESCRIPTION:
        raise BadRequest(f"command description length must not exceed {MAX_COMMAND_DESCRIPTION}")
