"""Everything around a gift: greeting, lists, links, help, history, claims, languages."""

import pytest

from bot.giving.keyboards import amounts, confirm, phones
from fundraising.campaigns import Campaign
from fundraising.giving.drafts import Draft
from fundraising.money import Money
from letters.language import translate
from mpesa.msisdn import Msisdn
from tests.bot.world import CHAT, OWNER, World, message, person
from tests.fakes import callback


async def test_start_greets_and_shows_the_campaigns(world: World) -> None:
    await world.say("/start")
    assert world.texts[0].startswith("<b>Karibu!</b>")
    assert "░░░░░░░░░░ 0%\nKES 0 of KES 50,000 · 0 donors" in world.last.text


async def test_a_link_leads_straight_to_its_campaign(world: World) -> None:
    await world.add_campaign("School meals")
    await world.say("/start c_school-meals")
    assert "School meals" in world.last.text
    assert "KES 500" in world.last.buttons


@pytest.mark.parametrize("payload", ["c_no-such", "c_", "c_' OR 1=1"])
async def test_a_link_to_no_campaign_is_explained(world: World, payload: str) -> None:
    await world.say(f"/start {payload}")
    assert "do not know this campaign" in world.last.text


async def test_a_link_with_another_meaning_is_a_plain_start(world: World) -> None:
    await world.say("/start hello")
    assert "Water for Turkana · 0%" in world.last.buttons


async def test_a_link_to_a_closed_campaign_says_so(world: World) -> None:
    await world.use_cases.campaigns.close(1)
    await world.say("/start c_water-for-turkana")
    assert "is closed" in world.last.text
    await world.say("/campaigns")
    assert "No campaign is collecting" in world.last.text


async def test_more_than_eight_campaigns_are_paged(world: World) -> None:
    for number in range(2, 11):
        await world.add_campaign(f"Campaign {number}")
    await world.say("/campaigns")
    assert len(world.last.buttons) == 9
    await world.tap("Next")
    assert list(world.last.buttons) == ["Campaign 9 · 0%", "Campaign 10 · 0%", "« Previous"]
    await world.tap("« Previous")
    assert "Campaign 8 · 0%" in world.last.buttons


async def test_a_title_full_of_markup_is_shown_as_it_is(world: World) -> None:
    await world.add_campaign("<b>& friends</b>")
    await world.say("/donate")
    await world.tap("<b>& friends</b>")
    assert "<b>&lt;b&gt;&amp; friends&lt;/b&gt;</b>" in world.last.text
    await world.use_cases.campaigns.close(2)
    await world.say("/start c_b-friends-b")
    assert "“&lt;b&gt;&amp; friends&lt;/b&gt;” is closed" in world.last.text


async def test_unknown_commands_and_messages_get_one_polite_line(world: World) -> None:
    for sent in ("/payout 1 500", "hello", "/ "):
        before = len(world.texts)
        await world.say(sent)
        assert len(world.texts) == before + 1
        assert world.last.text.startswith("Sorry")
    await world.handle(message=message(dice={"value": 3, "emoji": "🎲"}))
    assert world.last.text.startswith("Sorry")


async def test_help_names_every_command(world: World) -> None:
    await world.say("/help")
    assert all(f"/{name} – " in world.last.text for name in ("donate", "campaigns", "history", "cancel", "help"))


async def test_history_shows_what_became_of_each_gift_in_pages(world: World) -> None:
    await world.say("/history")
    assert "not given yet" in world.last.text
    await world.give()
    await world.hear(callback())
    donor = await world.use_cases.donors.arrive(CHAT, "Wanjiku", "en")
    for shillings in range(1, 11):
        world.clock.forward(minutes=2)
        phone = Msisdn.parse(f"07083741{shillings:02}")
        await world.use_cases.own_phones.shared(donor.id, phone)
        await world.use_cases.donations.start(donor.id, 1, Money.shillings(shillings), phone)
    await world.say("/history")
    assert "22 Nov 2026: KES 10 for Water for Turkana\n⏳ waiting for M-Pesa" in world.last.text
    assert "KES 500" not in world.last.text
    await world.tap("Older")
    assert "KES 500 for Water for Turkana\n✅ received, receipt <code>TKM1AAAAAA</code>" in world.last.text


async def test_a_code_from_mpesas_message_is_kept_for_the_treasurer(world: World) -> None:
    await world.give()
    await world.wait(hours=25)
    assert "send us the code" in world.last.text
    await world.say("/donate")
    await world.tap("Water")
    await world.say("TKM1AB2CD3 Confirmed. Ksh500.00 sent to TRUSTVOICE")
    assert any("belongs to your KES 500" in text for text in world.texts)
    await world.work()
    assert "Donation 1: the donor sent an M-Pesa code" in world.texts_of(OWNER)[-1]


async def test_an_amount_that_looks_like_a_code_is_an_amount(world: World) -> None:
    await world.say("/donate")
    await world.tap("Water")
    await world.say("KES1000000")
    assert "KES 1 to KES 250,000" in world.last.text


async def test_nothing_is_said_in_groups(world: World) -> None:
    body = message(text="/start", entities=[{"type": "bot_command", "offset": 0, "length": 6}])
    body["chat"] = {"id": -5, "type": "group", "title": "Harambee"}
    await world.handle(message=body)
    assert world.texts == []


async def test_blocking_the_bot_and_coming_back_changes_who_can_be_reached(world: World) -> None:
    await world.give()
    for status, reachable in (("kicked", False), ("member", True)):
        member = {"user": {"id": 1, "is_bot": True, "first_name": "TrustVoice"}, "status": status, "until_date": 0}
        chat = {"id": CHAT, "type": "private"}
        sent = len(world.telegram.calls)
        change = {"chat": chat, "from": person(), "date": 0, "old_chat_member": member, "new_chat_member": member}
        await world.handle(my_chat_member=change)
        donor = await world.use_cases.donors.find(1)
        assert donor
        assert donor.reachable is reachable
        assert len(world.telegram.calls) == sent


async def test_a_reader_of_swahili_reads_english_as_long_as_there_is_no_catalogue(world: World) -> None:
    await world.say("/help", language="sw")
    assert "Choose a campaign" in world.last.text


def test_button_data_fits_into_64_bytes_of_ascii() -> None:
    longest = 2**63 - 1
    campaign = Campaign(longest, "slug", "Title", "", Money.shillings(1), is_open=True)
    draft = Draft(longest, longest, campaign, Money.shillings(250_000), Msisdn.parse("0708374149"), f"update:{longest}")
    _ = translate("en")
    for keyboard in (amounts(_, draft), phones(_, draft, {str(longest): "0708 374 149"}), confirm(_, draft)):
        for button in (each for row in keyboard.inline_keyboard for each in row):
            assert isinstance(button.callback_data, str)
            assert button.callback_data.isascii()
            assert 1 <= len(button.callback_data) <= 64
