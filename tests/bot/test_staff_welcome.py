"""What people with a role read first: who they are here, what waits for them, and how to begin."""

from fundraising.people.roles import Role
from tests.bot.office import CHECKER, MAKER, OTHER_OWNER, Office
from tests.bot.world import CHAT, OWNER, message


async def test_start_names_the_role_what_waits_and_what_to_do_first(office: Office) -> None:
    await office.request()
    await office.say(CHECKER, "/start")
    for part in (
        "Karibu, Chebet!",
        "At TrustVoice you are checker",
        "approve or reject: 1 (/approve)",
        "/freeze stops all",
    ):
        assert part in office.last(CHECKER).text
    assert len(office.last(CHECKER).text.splitlines()) > 4
    await office.say(MAKER, "/start")
    for part in ("you are maker", "Nothing waits for you.", "/payout asks for a payout"):
        assert part in office.last(MAKER).text
    await office.say(CHAT, "/start")
    assert "Which campaign" in office.last(CHAT).text


async def test_an_owner_reads_of_failures_suspense_and_people_to_confirm(office: Office) -> None:
    await office.sent()
    await office.result(8)
    await office.say(OTHER_OWNER, f"/admins add {CHAT} checker Wanjiku")
    await office.say(OWNER, "/start")
    for part in ("can be sent again: 1 (/retry)", "people to confirm: 1 (/admins)"):
        assert part in office.last(OWNER).text


async def test_the_owner_whom_the_settings_named_has_a_name_from_the_first_start_on(office: Office) -> None:
    sender = {"id": OWNER, "is_bot": False, "first_name": "Cherono", "last_name": "Kiprop"}
    start = message(chat_id=OWNER, text="/start", entities=[{"type": "bot_command", "offset": 0, "length": 6}])
    await office.world.handle(message=start | {"from": sender})
    assert "Karibu, Cherono Kiprop!" in office.last(OWNER).text
    await office.request()
    await office.tap(OWNER, "Approve")
    assert "Approved by: Cherono Kiprop" in office.last(OWNER).text


async def test_everybody_can_ask_for_the_number_that_names_them(office: Office) -> None:
    for command in ("/id", "/myid", "/whoami"):
        await office.say(CHAT, command)
        assert f"<code>{CHAT}</code>" in office.last(CHAT).text
    await office.say(MAKER, "/id")
    assert "Here you are Mumbi: maker." in office.last(MAKER).text


async def test_an_owner_renames_somebody_and_reads_when_a_name_stays(office: Office) -> None:
    maker = await office.world.use_cases.staff.of_chat(MAKER)
    assert maker
    await office.say(OWNER, f"/admins add {MAKER} viewer Somebody")
    assert "Mumbi is viewer now" in office.last(OWNER).text
    assert "The name stays Mumbi" in office.last(OWNER).text
    await office.say(OWNER, f"/admins rename {maker.id} Mumbi <Wa>")
    assert "is called Mumbi &lt;Wa&gt; now" in office.last(OWNER).text
    await office.say(OWNER, "/admins")
    assert "Mumbi &lt;Wa&gt;: viewer, maker" in office.last(OWNER).text


async def test_all_with_a_role_read_who_gave_which(office: Office) -> None:
    await office.say(OWNER, f"/admins add {CHAT} checker Wanjiku")
    await office.tap(OTHER_OWNER, "Confirm Wanjiku")
    for chat in (MAKER, CHECKER, OWNER, CHAT):
        told = [text for text in office.texts(chat) if "Wanjiku is checker now" in text]
        assert len(told) == 1
        assert ", and Njeri agreed" in told[0]
    person = await office.world.use_cases.staff.of_chat(CHAT)
    assert person
    assert person.may(Role.CHECKER)
