"""One table of commands: the menus and /help are made of it."""

import re

import pytest

from bot.chat import menu
from bot.chat.context import Command
from bot.table import COMMANDS
from fundraising.people.roles import Person, Role
from letters import guide
from letters.language import translate
from tests.bot.office import CHECKER, OTHER_OWNER, Office

_ = translate("en")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_telegrams_kind(command: Command) -> None:
    assert re.fullmatch(r"[a-z_]{1,32}", command.name)
    assert not command.text or 3 <= len(command.text) <= 256


def test_each_command_is_in_one_list_of_an_owners_help() -> None:
    owner = Person(1, "Otieno", frozenset({Role.OWNER}), ())
    told = guide.explained(_, menu.for_all(COMMANDS), menu.with_role(COMMANDS, owner))

    assert all(told.count(f"\n/{each.name} – {each.text}") == (1 if each.text else 0) for each in COMMANDS)


@pytest.mark.parametrize(("chat", "may_freeze", "may_unfreeze"), [(CHECKER, True, False), (OTHER_OWNER, True, True)])
async def test_help_tells_what_ones_role_allows(
    office: Office, chat: int, may_freeze: bool, may_unfreeze: bool
) -> None:
    await office.say(chat, "/help")

    told = office.last(chat).text
    assert ("/freeze" in told, "/unfreeze" in told) == (may_freeze, may_unfreeze)
