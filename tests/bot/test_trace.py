"""What was told is kept, and people with a role can have a payment's story in the chat."""

import pytest

from bot.books.trace import LONGEST, packed
from fundraising.audit.story.events import Story, What
from fundraising.people.roles import Role
from tests.bot.office import CHECKER, MAKER, Office
from tests.bot.telegram import BLOCKED, CUT_OFF
from tests.bot.world import CHAT, World
from tests.fakes import callback
from tests.fundraising.treasury import RECIPIENT


async def told(world: World, *words: str) -> list[tuple[object, object]]:
    story: Story = await world.use_cases.stories.told(list(words))
    return [(e.facts["audience"], e.facts["news"]) for e in story.events if e.what is What.TOLD]


async def test_what_the_donor_was_told_is_kept_with_its_message(world: World) -> None:
    await world.give()
    await world.hear(callback())
    assert await told(world, "donation", "1") == [("donor", "completed")]
    story = await world.use_cases.stories.of_donation(1)
    [message_id] = [event.facts["message_id"] for event in story.events if event.what is What.TOLD]
    assert isinstance(message_id, int)
    assert "Asante" in world.telegram.messages[message_id].text


async def test_what_telegram_did_not_take_was_not_told(world: World) -> None:
    await world.give()
    world.telegram.trouble("sendMessage", BLOCKED)
    await world.hear(callback())
    assert await told(world, "donation", "1") == []


async def test_it_is_kept_once_telegram_has_taken_it(world: World) -> None:
    await world.give()
    world.telegram.trouble("sendMessage", CUT_OFF)
    await world.hear(callback())
    assert await told(world, "donation", "1") == []
    await world.wait(minutes=2)
    assert ("donor", "completed") in await told(world, "donation", "1")


async def test_that_it_could_not_be_kept_is_no_reason_to_tell_it_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(*_: object) -> None:
        raise OSError("disk full")

    await world.give()
    monkeypatch.setattr(world.use_cases.told, "note", refuse)
    await world.hear(callback())
    await world.wait(hours=1)
    assert sum("Asante" in message.text for message in world.telegram.messages.values()) == 1
    assert "was not noted" in caplog.text


async def test_of_a_payout_it_is_kept_who_was_asked_and_who_read_the_outcome(office: Office) -> None:
    payout = await office.sent()
    await office.result()
    kept = await told(office.world, "payout", str(payout.id))
    assert {("checker", "request"), ("checker", "completed"), ("staff", "completed")} <= set(kept)


async def test_a_person_with_a_role_reads_the_story_without_the_phone_number(office: Office) -> None:
    payout = await office.sent()
    await office.result()
    await office.say(CHECKER, f"/trace payout {payout.id}")
    text = office.last(CHECKER).text
    assert text.startswith(f"Payout {payout.id} · ")
    assert "approved it" in text
    assert "712345678" not in text.replace(" ", "")


async def test_to_a_stranger_there_is_no_such_command(office: Office) -> None:
    await office.sent()
    await office.say(CHAT, "/trace payout 1")
    assert "do not know that command" in office.last(CHAT).text


@pytest.mark.parametrize("words", ["", "donation", "TKM0000000"])
async def test_what_names_nothing_is_answered_with_what_can_be_typed(office: Office, words: str) -> None:
    await office.say(MAKER, f"/trace {words}")
    assert "donation 17" in office.last(MAKER).text


def test_a_long_story_comes_in_several_messages_with_no_line_cut() -> None:
    lines = [f"line {n} " + "x" * 300 for n in range(40)]
    messages = packed(lines)
    assert len(messages) == 4
    assert all(len(message) <= LONGEST for message in messages)
    assert "\n".join(messages).split("\n") == lines


async def test_a_viewer_reads_neither_whom_a_payout_is_for_nor_what_for(office: Office) -> None:
    await office.world.use_cases.staff.add(1099, "Board member", Role.VIEWER, by=None)
    await office.world.use_cases.donors.arrive(1099, "Board member", "en")
    await office.world.use_cases.ngos.add("Maji Kwa Wote", RECIPIENT)
    payout = await office.request()
    checker = await office.world.use_cases.staff.of_chat(CHECKER)
    assert checker
    await office.world.use_cases.paying.approvals.reject(payout.id, checker.id, "ask Akinyi on +254 712 345 678")
    await office.say(1099, "/payouts")
    before = office.texts(1099)
    await office.tap(1099, f"#{payout.id} · KES 5,000")
    for asked in (f"/trace payout {payout.id}", "/ngos"):
        await office.say(1099, asked)
    read = "\n".join([*before, *office.texts(1099)]).replace("/ngos add 0712345678", "")
    assert "Saved recipients" in read
    assert f"Payout #{payout.id}" in read
    assert "•••" in read
    for hidden in ("Akinyi Otieno", "Maji", "345 678", "345678"):
        assert hidden not in read.replace("ask Akinyi on", ""), hidden
