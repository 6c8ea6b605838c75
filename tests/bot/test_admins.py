"""People, campaigns and recipients, as owners keep them."""

from fundraising.people.roles import Role
from tests.bot.office import CHECKER, MAKER, OTHER_OWNER, Office
from tests.bot.world import CHAT, OWNER


async def may(office: Office, chat: int, role: Role) -> bool:
    person = await office.world.use_cases.staff.of_chat(chat)
    return person is not None and person.may(role)


async def test_a_viewer_is_named_at_once_and_gets_the_menu(office: Office) -> None:
    await office.say(OWNER, f"/admins add {CHAT} viewer Wanjiku <b>")
    assert "Wanjiku &lt;b&gt; is viewer now" in office.last(OWNER).text
    assert await may(office, CHAT, Role.VIEWER)
    assert office.world.telegram.called("setMyCommands")[-1]["scope"]["chat_id"] == CHAT


async def test_a_checker_takes_a_second_owner(office: Office) -> None:
    await office.say(OWNER, f"/admins add {CHAT} checker Wanjiku")
    assert "Another owner must confirm it" in office.last(OWNER).text
    assert not await may(office, CHAT, Role.CHECKER)
    asked = office.last(OTHER_OWNER)
    assert f"Wanjiku (Telegram {CHAT}) as checker" in asked.text
    data = asked.buttons["Confirm Wanjiku as checker"]
    await office.tap_data(OWNER, data)
    assert "Somebody else must confirm" in office.pop_up
    await office.tap(OTHER_OWNER, "Confirm Wanjiku")
    assert await may(office, CHAT, Role.CHECKER)
    await office.tap_data(OTHER_OWNER, data)
    assert "confirmed already" in office.pop_up


async def test_the_list_names_everybody_and_roles_are_taken_there(office: Office) -> None:
    await office.say(OWNER, "/admins")
    assert "Mumbi: maker (Telegram 2001)" in office.last(OWNER).text
    await office.tap(OWNER, "Remove Mumbi as maker")
    assert not await may(office, MAKER, Role.MAKER)
    assert office.world.telegram.called("deleteMyCommands")[-1]["scope"]["chat_id"] == MAKER
    await office.say(OWNER, "/admins")
    await office.tap(OWNER, "Remove Njeri as owner")
    assert "Njeri no longer owner. Another owner must confirm it" in office.last(OWNER).text
    await office.say(OTHER_OWNER, "/admins")
    await office.tap(OTHER_OWNER, "Remove Njeri as owner")
    await office.say(OWNER, "/admins")
    await office.tap(OWNER, "Remove Wanjiku as owner")
    assert "only owner" in office.pop_up


async def test_only_owners_change_it(office: Office) -> None:
    await office.say(CHECKER, "/admins")
    assert office.last(CHECKER).buttons == {}
    await office.say(CHECKER, f"/admins add {CHAT} maker Wanjiku")
    assert "which you do not have" in office.last(CHECKER).text
    await office.tap_data(CHECKER, "role:1:owner:take")
    assert "which you do not have" in office.pop_up
    await office.say(CHECKER, "/campaign add 5000 A new one")
    assert "which you do not have" in office.last(CHECKER).text


async def test_a_second_account_is_the_same_person(office: Office) -> None:
    maker = await office.world.use_cases.staff.of_chat(MAKER)
    assert maker
    await office.say(OWNER, f"/admins link {CHAT} {maker.id}")
    assert f"Telegram {CHAT} for Mumbi. Another owner must confirm it" in office.last(OWNER).text
    await office.tap(OTHER_OWNER, f"Confirm Telegram {CHAT} for Mumbi")
    assert "the same person" in office.last(OTHER_OWNER).text
    assert await office.world.use_cases.staff.of_chat(CHAT) == await office.world.use_cases.staff.of_chat(MAKER)
    await office.say(OWNER, f"/admins link {CHECKER} {maker.id}")
    assert "belongs to somebody already" in office.last(OWNER).text
    await office.say(OWNER, "/admins link 5 999")
    assert "do not know this person" in office.last(OWNER).text


async def test_words_that_make_no_sense_are_explained(office: Office) -> None:
    for words in ("add", "add x maker Y", "add 5 boss Y", "add 5 maker", "link", "link 5"):
        await office.say(OWNER, f"/admins {words}")
        assert "/admins add" in office.last(OWNER).text


async def test_a_campaign_is_opened_and_closed(office: Office) -> None:
    await office.say(OWNER, "/campaign add 1,000,000 School <b> meals")
    assert "School &lt;b&gt; meals" in office.last(OWNER).text
    assert "KES 1,000,000" in office.last(OWNER).text
    assert "same title" not in office.last(OWNER).text
    await office.say(OWNER, "/campaign add 5000 WATER, for Turkana")
    assert "Open with the same title: 1." in office.last(OWNER).text
    await office.world.use_cases.campaigns.close(3)
    await office.say(OWNER, "/campaign")
    await office.tap(OWNER, "Close: Water")
    assert "takes no new gifts" in office.last(OWNER).text
    assert [each.campaign.id for each in await office.world.use_cases.campaigns.open_ones()] == [2]
    await office.say(OWNER, "/campaign add lots A title")
    assert "whole shillings" in office.last(OWNER).text


async def test_owners_hear_alarms_also_those_named_later(office: Office) -> None:
    assert sorted(await office.world.use_cases.staff.owner_chats()) == [OWNER, OTHER_OWNER]


async def test_taking_a_checker_takes_a_second_owner(office: Office) -> None:
    await office.say(OWNER, "/admins")
    await office.tap(OWNER, "Remove Chebet as checker")
    assert await may(office, CHECKER, Role.CHECKER)
    await office.tap(OTHER_OWNER, "Confirm: Chebet no longer checker")
    assert "Chebet is no longer checker" in office.last(OTHER_OWNER).text
    assert not await may(office, CHECKER, Role.CHECKER)
