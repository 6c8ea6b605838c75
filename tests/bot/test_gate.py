"""To whom the treasurer's side does not exist, and what everybody else is offered."""

from datetime import UTC, datetime

import pytest

from bot.table import COMMANDS
from fundraising.paying import quarantine
from fundraising.people.roles import Role
from fundraising.statuses import PayoutStatus
from storage import facts
from tests.bot.office import CHECKER, MAKER, ONE_LINE, Office
from tests.bot.world import CHAT, OWNER, SENT_AT

P = PayoutStatus
UNKNOWN = "Sorry, I do not know that command. /help shows what I can do."


async def test_a_checker_whose_role_was_taken_meanwhile_decides_nothing(office: Office) -> None:
    await office.request()
    data = office.last(CHECKER).buttons["Approve"]
    chebet = await office.world.use_cases.staff.of_chat(CHECKER)
    assert chebet
    proposal = await office.world.use_cases.staff.remove(chebet.id, Role.CHECKER, by=None)
    owner = await office.world.use_cases.staff.of_chat(OWNER)
    assert proposal
    assert owner
    await office.world.use_cases.staff.confirm(proposal.id, owner.id)
    await office.tap_data(CHECKER, data)
    assert "has expired" in office.pop_up
    await office.say(CHECKER, "/approve 1")
    assert office.last(CHECKER).text == UNKNOWN
    assert (await office.payout()).status is P.PENDING


@pytest.mark.parametrize(("seconds_since_it_was_sent", "status"), [(1, P.PENDING), (-1, P.APPROVED)])
async def test_a_button_from_before_a_restore_decides_nothing(
    office: Office, seconds_since_it_was_sent: int, status: PayoutStatus
) -> None:
    """Its number may have been given to another payout since."""
    await office.request()
    restored_at = datetime.fromtimestamp(SENT_AT + seconds_since_it_was_sent, UTC).isoformat()
    await office.world.database.write(lambda conn: facts.note(conn, quarantine.RESTORED_AT, restored_at))
    await office.world.tap_data(office.last(CHECKER).buttons["Approve"], chat=CHECKER)
    assert (await office.payout()).status is status
    assert any("restored from a backup" in text for text in office.world.pop_ups) is (status is P.PENDING)


async def test_after_a_restore_a_message_too_old_for_telegram_to_show_counts_as_from_before(office: Office) -> None:
    await office.request()
    restored_at = datetime.fromtimestamp(SENT_AT - 1, UTC).isoformat()
    await office.world.database.write(lambda conn: facts.note(conn, quarantine.RESTORED_AT, restored_at))
    out_of_reach = {"chat": {"id": CHECKER, "type": "private"}, "message_id": 1, "date": 0}
    sender = {"id": CHECKER, "is_bot": False, "first_name": "Chebet"}
    data = office.last(CHECKER).buttons["Approve"]
    tap = {"id": "1", "from": sender, "chat_instance": "1", "data": data, "message": out_of_reach}
    await office.world.handle(callback_query=tap)
    assert (await office.payout()).status is P.PENDING
    assert any("restored from a backup" in text for text in office.world.pop_ups)


@pytest.mark.parametrize("command", [each.name for each in COMMANDS if each.role])
async def test_to_a_stranger_every_such_command_is_unknown(
    office: Office, command: str, caplog: pytest.LogCaptureFixture
) -> None:
    await office.request()
    await office.say(CHAT, f"/{command} 1 Wanjiku")
    assert office.last(CHAT).text == UNKNOWN
    assert f"chat {CHAT} has no role and tried '/{command}'" in caplog.text
    assert "Wanjiku" not in caplog.text


async def test_to_a_stranger_every_such_button_has_expired(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    await office.request()
    await office.tap_data(CHAT, office.last(CHECKER).buttons["Approve"])
    assert office.pop_up == "That has expired. This button asks M-Pesa for nothing. /donate starts a new gift."
    assert f"chat {CHAT} has no role and tried 'pay'" in caplog.text
    assert (await office.payout()).status is P.PENDING


async def test_a_stranger_with_a_file_learns_nothing(office: Office) -> None:
    await office.send_file(CHAT, b"name,phone,amount\nA,0712345678,50\n")
    assert "did not understand" in office.last(CHAT).text


@pytest.mark.parametrize(("chat", "line"), [(CHECKER, ONE_LINE), (MAKER, "/approve 1"), (MAKER, "/freeze")])
async def test_a_role_that_is_not_enough_is_named(office: Office, chat: int, line: str) -> None:
    await office.request()
    await office.say(chat, line)
    assert "which you do not have" in office.last(chat).text


async def test_nothing_of_it_happens_in_a_group(office: Office) -> None:
    group = {"id": -5, "type": "group", "title": "All of us"}
    entities = [{"type": "bot_command", "offset": 0, "length": 9}]
    sender = {"id": OWNER, "is_bot": False, "first_name": "Njeri"}
    body = {"message_id": 1, "date": 1, "chat": group, "from": sender, "text": "/payouts", "entities": entities}
    sent = len(office.world.telegram.calls)
    await office.world.handle(message=body)
    assert len(office.world.telegram.calls) == sent


async def test_the_menu_of_commands_follows_the_role(office: Office) -> None:
    await office.say(CHECKER, "/start")
    menu = office.world.telegram.called("setMyCommands")[-1]
    names = [command["command"] for command in menu["commands"]]
    assert menu["scope"] == {"type": "chat", "chat_id": CHECKER}
    assert {"donate", "approve", "payouts"} <= set(names)
    assert not {"payout", "admins"} & set(names)
    set_before = len(office.world.telegram.called("setMyCommands"))
    await office.say(CHAT, "/start")
    assert len(office.world.telegram.called("setMyCommands")) == set_before


async def test_the_help_names_the_commands_of_the_role(office: Office) -> None:
    await office.say(CHECKER, "/help")
    assert "/approve – Approve a payout" in office.last(CHECKER).text
    assert "/admins" not in office.last(CHECKER).text
    await office.say(CHAT, "/help")
    assert "/approve" not in office.last(CHAT).text
