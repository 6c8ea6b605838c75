"""A chat that was closed to us catches up when it opens again."""

from typing import Any

from fundraising.news import Alarm, TellOwners
from tests.bot.office import CHECKER, MAKER, OTHER_OWNER, SECOND_CHECKER, Office
from tests.bot.world import CHAT, OWNER, World
from tests.fakes import callback

EDITED_AT = 1_790_000_060


async def test_a_donor_who_blocked_us_reads_at_start_what_came_meanwhile_the_newest_first(world: World) -> None:
    first = await world.give()
    world.telegram.closed.add(CHAT)
    await world.hear(callback())
    await world.use_cases.donations.start(1, 1, first.amount, await world.use_cases.donations.phone_of(1, 1))
    await world.hear(callback("ws_CO_2", code=1))
    before = world.texts
    world.telegram.closed.clear()
    await world.say("/start")
    await world.work()
    welcome, *rest = world.texts[len(before) :]
    assert "Welcome back" in welcome
    news = [text for text in rest if "Asante" in text or "not enough money" in text]
    assert len(news) == 2
    assert "not enough money" in news[0]
    assert "TKM1AAAAAA" in news[1]
    assert world.telegram.messages[first.message_id or 0].text.endswith("received. Thank you!")


async def test_it_is_told_once(world: World) -> None:
    await world.give()
    world.telegram.closed.add(CHAT)
    await world.hear(callback())
    world.telegram.closed.clear()
    for _ in range(2):
        await world.say("/start")
        await world.work()
    assert sum("Asante! We received" in text for text in world.texts) == 1
    assert sum("Welcome back" in text for text in world.texts) == 1


async def test_what_does_not_hold_any_more_is_not_told(world: World) -> None:
    await world.give()
    world.telegram.closed.add(CHAT)
    await world.hear(callback(code=1032))
    await world.hear(callback())
    world.telegram.closed.clear()
    await world.say("/start")
    await world.work()
    assert any("did arrive after all" in text for text in world.texts)
    assert not any("did not go through." in text for text in world.texts)


async def test_a_checker_finds_the_waiting_payout_with_its_buttons(world: World) -> None:
    office = await Office(world).open()
    world.telegram.closed.add(CHECKER)
    await office.request()
    world.telegram.closed.clear()
    await office.say(CHECKER, "/start")
    assert any("Approve" in shown.buttons for shown in world.telegram.messages.values() if shown.chat_id == CHECKER)
    await office.tap(CHECKER, "Approve")
    assert (await office.payout()).status != "pending"


async def test_the_maker_is_told_when_nobody_who_may_approve_could_be_reached(world: World) -> None:
    office = await Office(world).open()
    world.telegram.closed.update({CHECKER, SECOND_CHECKER, OWNER})
    await office.request()
    assert not any("could be reached" in text for text in office.texts(MAKER))
    world.telegram.closed.add(OTHER_OWNER)
    await office.request("/payout 1 600 0712345678 3rd Street Clinic")
    assert "Nobody who may approve payout #2 of KES 600 could be reached" in office.texts(MAKER)[-1]


async def test_the_maker_of_a_file_is_told_too(world: World) -> None:
    office = await Office(world).open()
    world.telegram.closed.update({CHECKER, SECOND_CHECKER, OWNER, OTHER_OWNER})
    await office.send_file(MAKER, b"name,phone,amount\nAkinyi,0712345678,500\n")
    await office.tap(MAKER, "Confirm")
    assert any("could be reached" in text for text in office.texts(MAKER))


async def test_an_owner_who_was_away_reads_the_alarm_later_and_the_others_not_again(world: World) -> None:
    await Office(world).open()
    world.telegram.closed.add(OTHER_OWNER)
    await world.notifier.tell_owners(TellOwners(Alarm.NO_WORD, 1), 1)
    told = len(world.texts_of(OWNER))
    world.telegram.closed.clear()
    await world.say("/start", chat=OTHER_OWNER)
    await world.work()
    assert "M-Pesa never said how it ended" in world.texts_of(OTHER_OWNER)[-1]
    assert len(world.texts_of(OWNER)) == told


async def test_an_edited_message_is_nothing_new(world: World) -> None:
    await world.say("/donate")
    await world.tap("Water")
    before = len(world.telegram.calls)
    person: dict[str, Any] = {"id": CHAT, "is_bot": False, "first_name": "Wanjiku"}
    chat = {"id": CHAT, "type": "private", "first_name": "Wanjiku"}
    edited = {"message_id": 9000, "date": EDITED_AT - 60, "edit_date": EDITED_AT, "chat": chat, "from": person}
    for text in ("100000", "/cancel", "TKM1AB2CD3"):
        await world.handle(edited_message={**edited, "text": text})
    assert len(world.telegram.calls) == before
    draft = await world.use_cases.drafts.current(1)
    assert draft
    assert draft.amount is None
