"""`/report`, the message that comes each morning, and `/suspense`, in the chat."""

import csv
import io
from datetime import UTC, datetime

import pytest
from telegram.constants import MessageLimit

from fundraising.money import Money
from tests.bot.office import CHECKER, GIVER, MAKER, OTHER_OWNER, SECOND_CHECKER, Office
from tests.bot.telegram import BLOCKED
from tests.bot.world import CHAT, OWNER
from tests.fakes import callback

REPORTED = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # seven o'clock in Nairobi, on the day after


async def next_morning(office: Office) -> None:
    await office.world.use_cases.daily_report.keep_going()
    office.world.clock.moment = REPORTED
    await office.world.work()


def file(office: Office) -> list[list[str]]:
    content = office.world.telegram.documents[-1]
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def row(office: Office, first: str) -> dict[str, str]:
    """Of the accounts."""
    rows = file(office)
    heads = next(each for each in rows if each and each[0] == "account")
    return dict(zip(heads, next(each for each in rows if each and each[0] == first), strict=True))


async def arrives(office: Office, shillings: int, asked: int, campaign: int = 1) -> None:
    donor = await office.world.use_cases.donors.arrive(CHAT, "Wanjiku", "en")
    office.world.clock.forward(minutes=5)
    await office.world.use_cases.donations.start(donor.id, campaign, Money.shillings(asked), GIVER)
    await office.world.hear(callback("ws_CO_2", shillings=shillings, receipt="TKM2AAAAAA"))


async def stray(office: Office) -> None:
    await arrives(office, 299, asked=300)


async def test_each_owner_reads_it_in_the_morning_with_a_file(office: Office) -> None:
    await office.sent()
    await office.result()
    await next_morning(office)
    for owner in (OWNER, OTHER_OWNER):
        [text] = [text for text in office.texts(owner) if "The books of 22 Nov 2026" in text]
        assert "Gifts: 1, KES 100,000\nPayouts: 1, KES 5,000\nAll together: KES 0 → KES 95,000" in text
        assert "M-Pesa has not told" in text
        assert text.endswith("Nothing is unresolved.")
    assert not [text for text in office.texts(CHECKER) if "The books" in text]
    assert len(office.world.telegram.documents) == 2
    water = row(office, "campaign:1")
    assert (water["title"], water["opening"], water["closing"]) == ("Water for Turkana", "0.00", "95000.00")
    assert (water["donations"], water["donations_count"], water["payouts"]) == ("100000.00", "1", "-5000.00")
    assert water["adds_up"] == "yes"


async def test_an_owner_who_blocked_the_bot_keeps_it_from_nobody_else(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.world.telegram.trouble("sendDocument", BLOCKED)
    await next_morning(office)
    assert len(office.world.telegram.documents) == 2  # one was refused
    assert "has blocked the bot, and reads no report of 2026-11-22" in caplog.text
    office.world.clock.forward(hours=1)
    await office.world.work()
    assert len(office.world.telegram.called("sendDocument")) == 2


async def test_it_begins_with_what_the_self_check_found_and_still_fits_below_a_file(office: Office) -> None:
    def spoil(sign: str) -> str:
        return f"UPDATE balances SET in_minor = in_minor {sign} 1 WHERE account IN ('campaign:1', 'outside')"

    database = office.world.database
    await database.write(lambda conn: conn.exec_driver_sql(spoil("+")).close())
    await next_morning(office)
    text = office.last(OWNER).text
    assert text.startswith("⛔ <b>The books do not hold.</b>")
    assert "The day does not add up" in text
    assert len(text) <= MessageLimit.CAPTION_LENGTH
    assert row(office, "campaign:1")["adds_up"] == "NO"
    await database.write(lambda conn: conn.exec_driver_sql(spoil("-")).close())


async def test_a_day_is_shown_with_its_file_to_whoever_has_a_role(office: Office) -> None:
    await stray(office)
    await office.say(MAKER, "/report 2026-11-22")
    assert "22 Nov 2026 so far" in office.last(MAKER).text
    assert "In suspense: KES 299" in office.last(MAKER).text
    assert "in /suspense: 1" in office.last(MAKER).text
    assert ["suspense", "s1", "other_amount", "299.00", "KES", "Water for Turkana"] in [
        each[:6] for each in file(office)
    ]


async def test_what_is_no_day_is_answered_with_how_to_type_one(office: Office) -> None:
    await office.say(MAKER, "/report yesterday")
    assert "/report 2026-11-20" in office.last(MAKER).text
    await office.say(MAKER, "/report 2026-12-24")
    assert "has not begun" in office.last(MAKER).text


async def test_without_a_day_it_tells_today_the_open_campaigns_and_yesterday(office: Office) -> None:
    office.world.clock.forward(days=1)
    await office.say(MAKER, "/report")
    today, campaigns, yesterday = office.texts(MAKER)[-3:]
    assert "Today, 23 Nov 2026" in today
    assert "Nothing came or went yet." in today
    assert "raised KES 100,000" in campaigns
    assert "The books of 22 Nov 2026" in yesterday


async def test_a_title_is_no_formula_in_the_file(office: Office) -> None:
    campaign = await office.world.add_campaign("=cmd|' /C calc'!A0")
    await arrives(office, 300, asked=300, campaign=campaign)
    await office.say(MAKER, "/report 2026-11-22")
    assert row(office, "campaign:2")["title"] == "'=cmd|' /C calc'!A0"


async def test_everybody_who_may_decide_reads_what_arrived_and_decides_there(office: Office) -> None:
    await stray(office)
    for chat in (CHECKER, SECOND_CHECKER, OTHER_OWNER):
        [told] = [
            shown
            for shown in office.world.telegram.messages.values()
            if "does not fit gift" in shown.text and shown.chat_id == chat
        ]
        for part in (
            "<b>KES 299</b>, M-Pesa code <code>TKM2AAAAAA</code>",
            "another amount arrived",
            "Water for Turkana",
        ):
            assert part in told.text
    assert not any("does not fit gift" in text for text in office.texts(MAKER))
    await office.tap(CHECKER, "Decide on KES 299")
    await office.tap(CHECKER, "To: Water for Turkana")
    await office.tap(SECOND_CHECKER, "To: Water for Turkana")
    await office.say(MAKER, "/trace donation 2")
    assert "Chebet said: it belongs to “Water for Turkana”" in office.last(MAKER).text
    assert "Sanaipei agreed" in office.last(MAKER).text


async def test_two_people_decide_about_suspense_with_buttons(office: Office) -> None:
    await stray(office)
    await office.say(CHECKER, "/suspense")
    await office.tap(CHECKER, "s1 · KES 299")
    assert "another amount arrived than was asked for" in office.last(CHECKER).text
    assert "TKM2AAAAAA" in office.last(CHECKER).text
    await office.tap(CHECKER, "To: Water for Turkana")
    assert "Noted for s1" in office.last(CHECKER).text
    await office.say(SECOND_CHECKER, "/suspense")
    await office.tap(SECOND_CHECKER, "s1")
    assert "Chebet says: it belongs to Water for Turkana." in office.last(SECOND_CHECKER).text
    await office.tap(SECOND_CHECKER, "To another campaign")
    await office.tap(SECOND_CHECKER, "Water")
    assert "decided and booked" in office.last(SECOND_CHECKER).text
    assert "your payment of KES 299" in office.last(CHAT).text
    assert "it counts for <b>Water for Turkana</b>" in office.last(CHAT).text
    await office.say(CHECKER, "/suspense")
    assert office.last(CHECKER).text == "Nothing lies in suspense."
    await office.tap_data(CHECKER, "stray:s1:back")
    assert "does not lie in suspense" in office.pop_up
    assert (await office.world.use_cases.campaigns.standing(1)).balance.raised == Money.shillings(100_299)


async def test_the_second_person_decides_in_the_message_that_asks(office: Office) -> None:
    await office.world.add_campaign("Books for Lodwar")
    await stray(office)
    assert "What arrived: KES 299, M-Pesa code <code>TKM2AAAAAA</code>." in office.last(CHAT).text
    await office.tap_data(CHECKER, "stray:s1:to:2")
    assert "Chebet says: it belongs to Books for Lodwar." in office.last(SECOND_CHECKER).text
    assert not any("Chebet says" in text for text in office.texts(MAKER))
    await office.tap(SECOND_CHECKER, "To: Books for Lodwar")
    assert "decided and booked" in office.last(SECOND_CHECKER).text
    assert "it counts for <b>Books for Lodwar</b>" in office.last(CHAT).text
    await office.say(CHAT, "/history")
    assert "another amount arrived, and two treasurers decided" in office.last(CHAT).text


async def test_nobody_is_asked_about_what_was_decided_meanwhile(office: Office) -> None:
    await stray(office)
    decide = office.world.use_cases.suspense.decide
    people = {chat: person.id for person in await office.world.use_cases.staff.all() for chat in person.chat_ids}
    await decide("s1", people[CHECKER], None)
    await decide("s1", people[SECOND_CHECKER], None)
    await office.world.work()
    assert not any("Chebet says" in text for text in office.texts(OTHER_OWNER))
    assert "It was sent back to you through M-Pesa" in office.last(CHAT).text


async def test_a_maker_sees_suspense_and_decides_nothing(office: Office) -> None:
    await stray(office)
    await office.say(MAKER, "/suspense")
    await office.tap(MAKER, "s1")
    await office.tap(MAKER, "It was sent back")
    assert "which you do not have" in office.pop_up
