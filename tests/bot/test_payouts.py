"""A payout from the maker's first word to the receipt, and everything that keeps it from being paid wrongly."""

from dataclasses import replace

import pytest

from fundraising.money import Money
from fundraising.statuses import PayoutStatus
from tests.bot.office import CHECKER, MAKER, ONE_LINE, OTHER_OWNER, SECOND_CHECKER, Office
from tests.bot.world import OWNER, message
from tests.fakes import PAYING

P = PayoutStatus


async def test_one_line_a_summary_an_approval_and_the_receipt(office: Office) -> None:
    await office.say(MAKER, ONE_LINE)
    summary = office.last(MAKER).text
    for part in ("KES 5,000", "Akinyi Otieno", "0712 345 678", "Water for Turkana", "afterwards: KES 95,000"):
        assert part in summary
    assert await office.count() == 0
    await office.tap(MAKER, "Confirm")
    asked = office.last(CHECKER)
    for part in ("KES 5,000", "Akinyi Otieno", "0712 345 678", "Mumbi", "KES 95,000", "never paid", "largest"):
        assert part in asked.text
    assert list(asked.buttons) == ["Approve", "Reject"]
    await office.tap(CHECKER, "Approve")
    assert [(sent.shillings, sent.phone.local) for sent in office.world.payouts.sent] == [(5000, "0712 345 678")]
    assert office.last(MAKER).text.startswith("✅ Payout #1 is asked for")
    await office.result()
    for chat in (MAKER, CHECKER):
        assert "Payout #1 is paid: KES 5,000" in office.last(chat).text
        assert "TKB1AAAAAA" in office.last(chat).text
    assert "Approved by: Chebet" in asked.text
    assert "TKB1AAAAAA" in asked.text


async def test_step_by_step(office: Office) -> None:
    await office.say(MAKER, "/payout")
    await office.tap(MAKER, "Water for Turkana")
    assert "KES 100,000 available" in office.last(MAKER).text
    await office.say(MAKER, "5,000")
    await office.say(MAKER, "+1 202 555 0100")
    assert "not a Kenyan mobile number" in office.last(MAKER).text
    await office.say(MAKER, "0712 345 678")
    await office.say(MAKER, "Akinyi   Otieno")
    assert "to <b>Akinyi Otieno</b>" in office.last(MAKER).text
    await office.say(MAKER, "yes")
    assert "press Confirm" in office.last(MAKER).text
    await office.tap(MAKER, "Confirm")
    assert (await office.payout()).amount.whole_shillings == 5000


async def test_a_saved_recipient_is_a_button(office: Office) -> None:
    await office.say(MAKER, "/ngos add 0733123456 Maji & Co")
    assert "Maji &amp; Co, 0733 123 456" in office.last(MAKER).text
    await office.say(MAKER, "/payout")
    await office.tap(MAKER, "Water")
    await office.say(MAKER, "500")
    await office.tap(MAKER, "Maji & Co")
    await office.tap(MAKER, "Confirm")
    assert (await office.payout()).phone.local == "0733 123 456"
    await office.say(MAKER, "/ngos")
    assert "1. Maji &amp; Co: 0733 123 456" in office.last(MAKER).text


@pytest.mark.parametrize("again", ["0712345678 Akinyi Other", "0733123456 Otieno Akinyi"])
async def test_a_number_or_name_that_is_saved_already_is_saved_again_only_if_it_is_meant(
    office: Office, again: str
) -> None:
    await office.say(MAKER, "/ngos add 0712345678 Akinyi Otieno")
    for chat in (CHECKER, SECOND_CHECKER, OWNER, OTHER_OWNER):
        assert "Mumbi saved a recipient: 1. Akinyi Otieno, 0712 345 678" in office.last(chat).text
    await office.say(MAKER, f"/ngos add {again}")
    assert "Saved already: 1. Akinyi Otieno, 0712 345 678. Nothing was saved." in office.last(MAKER).text
    await office.say(MAKER, f"/ngos anyway {again}")
    assert "✅ Saved" in office.last(MAKER).text
    assert len(await office.world.use_cases.ngos.all()) == 2


async def test_a_double_tap_a_tap_sent_again_and_a_repeated_update_ask_once(office: Office) -> None:
    await office.say(MAKER, ONE_LINE)
    shown = office.last(MAKER)
    data = shown.buttons["Confirm"]
    for update_id in (900, 900, 901):
        await office.world.tap_data(data, shown.id, chat=MAKER, update_id=update_id)
    await office.world.work()
    assert await office.count() == 1
    assert await office.promised() == 5000
    assert len([text for text in office.texts(CHECKER) if "approve or reject" in text]) == 1


async def test_a_button_of_another_summary_confirms_nothing(office: Office) -> None:
    await office.say(MAKER, ONE_LINE)
    old = office.last(MAKER)
    data = old.buttons["Confirm"]
    await office.tap_data(MAKER, data[:-12] + "0" * 12, old.id)
    assert "has changed meanwhile" in old.text
    await office.say(MAKER, "/payout 1 900 0712345678 Akinyi Otieno")
    await office.tap_data(MAKER, data, old.id)
    assert "That is over" in office.pop_up
    assert await office.count() == 0


async def test_the_same_payout_again_is_asked_whether_it_is_meant(office: Office) -> None:
    await office.request()
    await office.say(MAKER, ONE_LINE)
    await office.tap(MAKER, "Confirm")
    assert "Payout #1, minutes ago, is the same" in office.last(MAKER).text
    assert await office.count() == 1
    await office.tap(MAKER, "Yes, it is meant")
    assert await office.count() == 2


async def test_cancelling_while_putting_together(office: Office) -> None:
    await office.say(MAKER, "/payout")
    await office.tap(MAKER, "Cancel")
    assert "Nothing was asked for" in office.last(MAKER).text
    await office.say(MAKER, "/payout")
    await office.say(MAKER, "/cancel")
    assert "Nothing was asked for" in office.last(MAKER).text
    await office.say(MAKER, "5000")
    assert "did not understand" in office.last(MAKER).text


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/payout 9 5000 0712345678 Akinyi", "do not know this campaign"),
        ("/payout 1 5 0712345678 Akinyi", "KES 10 to KES 250,000"),
        ("/payout 1 5000 0202345678 Akinyi", "not a Kenyan mobile number"),
        ("/payout 1 5000 Akinyi", "type it like /payout 1 5000"),
        ("/payout 1 100,000 0712 345 678 Akinyi", "Please check"),
        ("/payout 1 250,000 0712 345 678 Akinyi", "has KES 100,000 available, so KES 250,000 cannot be paid"),
        ("/payout 1 999999 0712345678 Akinyi", "KES 10 to KES 250,000 at a time"),
    ],
)
async def test_what_cannot_be_is_explained_at_once(office: Office, line: str, told: str) -> None:
    await office.say(MAKER, line)
    assert told in office.last(MAKER).text


async def test_more_than_the_campaign_has_is_refused_before_there_is_anything_to_confirm(office: Office) -> None:
    await office.say(MAKER, "/payout 1 100001 0712345678 Akinyi")
    assert "The campaign has KES 100,000 available" in office.last(MAKER).text
    assert office.last(MAKER).buttons == {}
    await office.say(MAKER, "500")
    assert "<b>KES 500</b> to <b>Akinyi</b>" in office.last(MAKER).text


async def test_what_was_available_at_the_summary_and_is_no_longer_is_refused_at_confirm(office: Office) -> None:
    await office.say(OWNER, "/payout 1 60000 0712345678 Akinyi")
    await office.request("/payout 1 60000 0711000111 Otieno")
    await office.tap(OWNER, "Confirm")
    assert "KES 40,000 is available" in office.pop_up
    assert await office.promised() == 60_000


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("/payout 1 999999 0711000111 Otieno", "600"),
        ("/payout 1 600 0202345678 Otieno", "0711000111|Otieno"),
        ("/payout 1 600 0711000111 " + "x" * 81, "Otieno"),
    ],
)
async def test_a_slip_in_the_line_ends_the_older_draft_and_can_be_typed_anew(
    office: Office, line: str, typed: str
) -> None:
    await office.say(MAKER, ONE_LINE)
    old = office.last(MAKER)
    for said in (line, *typed.split("|")):
        await office.say(MAKER, said)
    for part in ("<b>KES 600</b> to <b>Otieno</b>", "0711 000 111"):
        assert part in office.last(MAKER).text
    await office.tap_data(MAKER, old.buttons["Confirm"], old.id)
    assert "That is over" in office.pop_up


async def test_in_steps_an_amount_beyond_the_campaign_is_refused_at_its_question(office: Office) -> None:
    await office.say(MAKER, "/payout")
    await office.tap(MAKER, "Water")
    await office.say(MAKER, "100001")
    assert "The campaign has KES 100,000 available" in office.last(MAKER).text
    await office.say(MAKER, "100000")
    assert "To which M-Pesa number" in office.last(MAKER).text


async def test_nobody_approves_an_own_request_by_button_or_command(office: Office) -> None:
    await office.say(OWNER, ONE_LINE)
    await office.tap(OWNER, "Confirm")
    data = office.last(CHECKER).buttons["Approve"]
    await office.tap_data(OWNER, data)
    assert "You asked for this payout" in office.pop_up
    await office.say(OWNER, "/approve 1")
    assert "You asked for this payout" in office.last(OWNER).text
    assert (await office.payout()).status is P.PENDING
    assert office.world.payouts.sent == []


async def test_two_checkers_press_and_the_second_reads_who_decided(office: Office) -> None:
    await office.request()
    shown = office.last(SECOND_CHECKER)
    data = shown.buttons["Approve"]
    await office.tap(CHECKER, "Approve")
    assert shown.buttons == {}
    assert "Approved by: Chebet" in shown.text
    await office.tap_data(SECOND_CHECKER, data, shown.id)
    assert office.pop_up == "This was decided before: processing, by Chebet."
    assert len(office.world.payouts.sent) == 1


@pytest.mark.parametrize("paying", [replace(PAYING, quorum=((Money(0), 2),))])
async def test_when_two_have_to_agree_the_first_is_not_enough(office: Office) -> None:
    await office.request()
    first, second = office.last(CHECKER), office.last(SECOND_CHECKER)
    await office.tap(CHECKER, "Approve")
    for shown in (first, second):
        assert "Approvals: 1 of 2 (Chebet)" in shown.text
    assert "👍 Chebet agreed to your payout #1 of KES 5,000. One more is needed." in office.last(MAKER).text
    assert office.world.payouts.sent == []
    assert "Approve" in second.buttons
    await office.tap(SECOND_CHECKER, "Approve")
    assert "Approved by: Chebet, Sanaipei" in first.text
    assert len(office.world.payouts.sent) == 1


async def test_a_double_tap_on_approve_sends_once(office: Office) -> None:
    await office.request()
    shown = office.last(CHECKER)
    data = shown.buttons["Approve"]
    for _ in range(3):
        await office.world.tap_data(data, shown.id, chat=CHECKER)
    await office.world.work()
    assert len(office.world.payouts.sent) == 1


@pytest.mark.parametrize("pressed", [True, False])
async def test_a_rejection_says_why_to_the_requester(office: Office, pressed: bool) -> None:
    await office.request()
    asked = office.last(CHECKER)
    await office.tap(CHECKER, "Reject")
    assert "Why do you reject it?" in asked.text
    if pressed:
        await office.tap(CHECKER, "Wrong number")
    else:
        await office.say(CHECKER, "Wrong number")
    assert "Rejected by Chebet: Wrong number" in asked.text
    assert asked.buttons == {}
    assert "Chebet rejected your payout #1 of KES 5,000: Wrong number" in office.last(MAKER).text
    assert await office.promised() == 0
    await office.say(CHECKER, "hello")
    assert "did not understand" in office.last(CHECKER).text


async def test_rejecting_by_command_needs_a_reason(office: Office) -> None:
    await office.request()
    await office.say(CHECKER, "/reject 1")
    assert "Please say why" in office.last(CHECKER).text
    await office.say(CHECKER, "/reject #1 not agreed <b>")
    assert (await office.payout()).note == "not agreed <b>"
    assert "not agreed &lt;b&gt;" in office.last(MAKER).text


async def test_out_of_the_reasons_again(office: Office) -> None:
    await office.request()
    await office.tap(CHECKER, "Reject")
    await office.tap(CHECKER, "Back")
    await office.say(CHECKER, "hello")
    assert (await office.payout()).status is P.PENDING
    await office.tap(CHECKER, "Approve")
    assert len(office.world.payouts.sent) == 1


async def test_reject_pressed_after_the_decision_says_who_decided(office: Office) -> None:
    await office.request()
    data = office.last(SECOND_CHECKER).buttons["Reject"]
    await office.tap(CHECKER, "Approve")
    for pressed in (data, f"{data}:0"):
        await office.tap_data(SECOND_CHECKER, pressed)
        assert "decided before: processing, by Chebet" in office.pop_up


@pytest.mark.parametrize("end", ["ok", "no", "no:1", "back"])
async def test_a_button_that_we_did_not_make_for_this_payout_decides_nothing(office: Office, end: str) -> None:
    await office.request()
    await office.tap_data(CHECKER, f"pay:1:1:{'0' * 12}:{end}")
    assert "out of date" in office.pop_up
    assert (await office.payout()).status is P.PENDING


async def test_names_full_of_markup_are_only_text(office: Office) -> None:
    await office.request("/payout 1 5000 0712345678 <b>& Co")
    assert "&lt;b&gt;&amp; Co" in office.last(CHECKER).text
    await office.tap(CHECKER, "Approve")
    await office.result(1)
    assert "&lt;b&gt;&amp; Co" in office.last(MAKER).text


async def test_a_closed_campaign_still_pays_out(office: Office) -> None:
    await office.world.use_cases.campaigns.close(1)
    await office.say(MAKER, "/payout")
    assert "Water for Turkana · KES 100,000" in office.last(MAKER).buttons


async def test_amount_and_name_are_checked_at_their_question(office: Office) -> None:
    await office.say(MAKER, "/payout")
    await office.tap(MAKER, "Water")
    await office.say(MAKER, "9")
    assert "KES 10 to KES 250,000" in office.last(MAKER).text
    await office.say(MAKER, "10")
    await office.say(MAKER, "0712345678")
    await office.say(MAKER, "x" * 81)
    assert "missing or too long" in office.last(MAKER).text
    await office.say(MAKER, "Akinyi")
    assert "<b>KES 10</b> to <b>Akinyi</b>" in office.last(MAKER).text


async def test_all_buttons_fit_what_telegram_takes(office: Office) -> None:
    await office.request()
    await office.tap(CHECKER, "Reject")
    await office.say(OTHER_OWNER, "/payouts")
    data = [data for shown in office.world.telegram.messages.values() for data in shown.buttons.values()]
    assert max(len(each.encode()) for each in data) <= 40  # ids of 18 digits have room still


@pytest.mark.parametrize(
    ("line", "amount", "name"),
    [
        ("/payout 1 200 0712345678 3rd Street Clinic", 200, "3rd Street Clinic"),
        ("/payout 1 200 0712 345 678 4Life", 200, "4Life"),
        ("/payout 1 KES 2,500 +254 712 345 678 2nd Chance", 2500, "2nd Chance"),
        ("/payout 1 5k 0712345678 Akinyi Otieno", 5000, "Akinyi Otieno"),
        ("/payout #1 500/= 0712-345-678 Akinyi", 500, "Akinyi"),
        ("/payout 1 200 0712345678 \u202eAkinyi\u200b Otieno", 200, "Akinyi Otieno"),
    ],
)
async def test_a_line_is_read_as_people_write_it(office: Office, line: str, amount: int, name: str) -> None:
    payout = await office.request(line)
    assert (payout.amount.whole_shillings, payout.recipient_name) == (amount, name)
    assert payout.phone.local == "0712 345 678"


async def test_a_number_of_another_network_is_asked_about_before_it_is_paid(office: Office) -> None:
    await office.say(MAKER, "/payout 1 500 0733123456 Akinyi Otieno")
    assert "0733 123 456 looks like a number of Airtel. M-Pesa needs a Safaricom line." in office.last(MAKER).text
    await office.tap(MAKER, "Confirm")
    assert any("looks like another network's number" in text for text in office.texts(CHECKER))


async def test_a_shared_contact_answers_the_question_for_the_number(office: Office) -> None:
    await office.say(MAKER, "/payout")
    await office.tap(MAKER, "Water")
    await office.say(MAKER, "elfu moja")
    contact = {"phone_number": "254712345678", "first_name": "Akinyi"}
    await office.world.handle(message=message(chat_id=MAKER, contact=contact))
    await office.say(MAKER, "Akinyi Otieno")
    await office.tap(MAKER, "Confirm")
    assert (await office.payout()).phone.local == "0712 345 678"


async def test_a_file_in_the_middle_of_a_payout_loses_no_step(office: Office) -> None:
    await office.say(MAKER, "/payout")
    await office.tap(MAKER, "Water")
    question = office.last(MAKER).text
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 1}
    await office.world.handle(message=message(chat_id=MAKER, voice=voice))
    assert office.last(MAKER).text == question


async def test_a_payout_that_lay_half_an_hour_unconfirmed_has_expired(office: Office) -> None:
    await office.say(MAKER, ONE_LINE)
    office.world.clock.forward(minutes=29)
    await office.say(MAKER, "hello")
    assert "press Confirm" in office.last(MAKER).text
    office.world.clock.forward(minutes=2)
    await office.tap(MAKER, "Confirm")
    assert await office.count() == 0
    assert "has expired" in office.pop_up
