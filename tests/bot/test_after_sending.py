"""What people read and press after a payout was sent: failures, retries, cards, silence, the switch."""

import pytest

from fundraising.people.ngos import Ngo
from fundraising.statuses import PayoutReview, PayoutStatus
from mpesa.codes import Reason
from mpesa.msisdn import Msisdn
from mpesa.outcome import Failed, Unknown
from tests.bot.office import CHECKER, MAKER, OTHER_OWNER, SECOND_CHECKER, Office
from tests.bot.world import CHAT, OWNER
from tests.fakes import status_result

P = PayoutStatus
EVERYBODY = (OWNER, OTHER_OWNER, MAKER, CHECKER, SECOND_CHECKER)


async def silent(office: Office) -> None:
    """Sent; M-Pesa has not said for a day how it ended."""
    office.world.payouts.sends.append(Unknown("timeout"))
    await office.sent()
    for _ in range(26):
        await office.world.wait(hours=1)


async def test_a_failure_alerts_everybody_with_a_role_and_offers_retry(office: Office) -> None:
    await office.sent()
    await office.result(8)
    for chat in EVERYBODY:
        text = office.last(chat).text
        assert "Payout #1 failed: KES 5,000" in text
        assert "cannot take this amount" in text
        assert "free in the campaign again: KES 100,000" in text
    await office.tap(MAKER, "Retry")
    assert len(office.world.payouts.sent) == 2
    assert "sent again" in office.last(MAKER).text
    await office.result(receipt="TKB2BBBBBB")
    assert "Payout #1 is paid" in office.last(MAKER).text
    assert await office.promised() == 0


async def test_retry_pressed_twice_or_after_a_later_failure_sends_nothing_more(office: Office) -> None:
    await office.sent()
    await office.result(8)
    shown = office.last(MAKER)
    data = shown.buttons["Retry"]
    await office.tap(MAKER, "Retry")
    await office.tap_data(MAKER, data, shown.id)
    assert "Only one that has surely failed" in office.pop_up
    await office.result(8)
    await office.tap_data(MAKER, data, shown.id)
    assert "out of date" in office.pop_up
    assert len(office.world.payouts.sent) == 2
    await office.say(MAKER, "/retry 1")
    assert len(office.world.payouts.sent) == 3


async def test_a_number_that_is_not_on_mpesa_is_not_offered_again(office: Office) -> None:
    await office.sent()
    await office.result(2040)
    assert "Ask for a new payout" in office.last(MAKER).text
    assert office.last(MAKER).buttons == {}


async def test_a_saved_recipient_in_telegram_reads_what_arrived(office: Office) -> None:
    ngo: Ngo = await office.world.use_cases.ngos.add("Maji", Msisdn.parse("0733123456"), chat_id=CHAT)
    await office.say(MAKER, "/payout")
    await office.tap(MAKER, "Water")
    await office.say(MAKER, "500")
    await office.tap(MAKER, ngo.name)
    await office.tap(MAKER, "Confirm")
    await office.tap(CHECKER, "Approve")
    await office.result()
    assert "KES 500 for <b>Water for Turkana</b> was sent to your M-Pesa number" in office.last(CHAT).text
    assert "TKB1AAAAAA" in office.last(CHAT).text


async def test_payouts_are_listed_by_status_and_campaign_with_pages(office: Office) -> None:
    for number in range(9):
        await office.request(f"/payout 1 {1000 + number} 0712345678 Akinyi Otieno")
    await office.say(MAKER, "/payouts")
    line = "#9: KES 1,008 to Akinyi Otieno\n22 Nov 2026, 12:00, asked for by Mumbi\nWater for Turkana · ⏳ waiting"
    assert line in office.last(MAKER).text
    assert "#1:" not in office.last(MAKER).text
    await office.tap(MAKER, "Older")
    assert "#1: KES 1,000" in office.last(MAKER).text
    await office.tap(MAKER, "✅ paid")
    assert "no such payouts" in office.last(MAKER).text
    await office.tap(MAKER, "All")
    await office.tap(MAKER, "By campaign")
    await office.tap(MAKER, "Water for Turkana")
    assert "#9: KES 1,008" in office.last(MAKER).text


async def test_a_card_shows_the_whole_history(office: Office) -> None:
    await office.sent()
    await office.result(8)
    await office.tap(MAKER, "Retry")
    await office.result()
    await office.say(CHECKER, "/payouts")
    await office.tap(CHECKER, "#1")
    card = office.last(CHECKER).text
    first, second = (sent.originator_id for sent in office.world.payouts.sent)
    for part in (first, second, "Attempt 1", "failed", "cannot take", "Attempt 2", "AG_2", "Approved by: Chebet"):
        assert part in card


async def test_the_requester_calls_a_payout_back_while_it_waits(office: Office) -> None:
    await office.request()
    asked = office.last(CHECKER)
    await office.say(MAKER, "/payouts")
    await office.tap(MAKER, "#1")
    await office.tap(MAKER, "Cancel payout")
    assert (await office.payout()).status is P.CANCELLED
    assert asked.buttons == {}
    assert "Cancelled by Mumbi" in asked.text
    await office.say(MAKER, "/cancel_payout 1")
    assert "too late to call this payout back: it is cancelled" in office.last(MAKER).text


async def test_an_approved_payout_is_called_back_by_an_owner(office: Office) -> None:
    await office.say(OWNER, "/freeze a strange call")
    await office.sent()
    await office.say(MAKER, "/cancel_payout 1")
    assert "which you do not have" in office.last(MAKER).text
    await office.say(OTHER_OWNER, "/cancel_payout 1")
    assert await office.promised() == 0


async def test_a_request_that_nobody_decided_expires(office: Office) -> None:
    await office.request()
    await office.world.wait(days=3, seconds=2)
    assert "Nobody decided on payout #1" in office.last(MAKER).text


async def test_after_a_day_of_silence_two_people_decide(office: Office) -> None:
    await silent(office)
    assert (await office.payout()).needs_review is PayoutReview.NO_WORD
    assert "/resolve 1 paid &lt;M-Pesa code&gt;" in office.last(CHECKER).text
    assert list(office.last(CHECKER).buttons) == ["It was paid", "It was not paid"]
    await office.tap(CHECKER, "It was paid")
    assert "A second person must say the same" in office.texts(CHECKER)[-2]
    await office.tap(CHECKER, "It was paid")
    assert "It takes two" in office.pop_up
    await office.say(SECOND_CHECKER, "/resolve 1 paid tkb9zzzzzz")
    payout = await office.payout()
    assert (payout.status, payout.receipt) == (P.COMPLETED, "TKB9ZZZZZZ")
    assert "Payout #1 is paid" in office.last(MAKER).text


async def test_two_people_decide_that_it_was_not_paid(office: Office) -> None:
    await silent(office)
    await office.tap(CHECKER, "It was not paid")
    await office.say(SECOND_CHECKER, "/resolve 1 unpaid")
    assert (await office.payout()).status is P.FAILED
    assert await office.promised() == 0


@pytest.mark.parametrize("words", ["1", "1 maybe", "x paid"])
async def test_resolving_is_explained(office: Office, words: str) -> None:
    await office.say(CHECKER, f"/resolve {words}")
    assert "/resolve 12" in office.last(CHECKER).text or "do not know this payout" in office.last(CHECKER).text


async def test_paid_after_a_failure_freezes_and_is_closed_by_an_owner(office: Office) -> None:
    await office.sent()
    await office.result(1)
    await office.result(0)
    assert "Payouts are frozen: payout 1: it was paid after M-Pesa said that it failed" in " ".join(office.texts(OWNER))
    assert "It is paid" in office.last(MAKER).text
    await office.say(CHECKER, "/resolve 1 seen")
    assert "which you do not have" in office.last(CHECKER).text
    await office.say(OWNER, "/resolve 1 seen")
    assert (await office.payout()).needs_review is None


async def test_one_freezes_and_two_owners_unfreeze(office: Office) -> None:
    await office.say(CHECKER, "/freeze a strange call <b>")
    for owner in (OWNER, OTHER_OWNER):
        assert "Payouts are frozen: Chebet froze them: a strange call &lt;b&gt;" in office.last(owner).text
    await office.sent()
    assert "Payouts are frozen" in office.last(CHECKER).text
    assert office.world.payouts.sent == []
    await office.tap(OWNER, "Unfreeze")
    assert "Another owner must agree" in " ".join(office.texts(OWNER))
    assert "Another owner wants to unfreeze" in office.last(OTHER_OWNER).text
    await office.say(OWNER, "/unfreeze")
    assert "It takes two" in office.last(OWNER).text
    await office.tap(OTHER_OWNER, "Unfreeze")
    assert "no longer frozen" in office.last(OTHER_OWNER).text
    assert len(office.world.payouts.sent) == 1


async def test_everybody_with_a_role_reads_who_froze_and_who_unfroze(office: Office) -> None:
    await office.say(CHECKER, "/freeze a strange call")
    for chat in EVERYBODY:
        assert "Chebet froze them: a strange call" in office.last(chat).text
    assert "Unfreeze" not in office.last(MAKER).buttons
    await office.say(MAKER, "/payout 1 5000 0712345678 Akinyi Otieno")
    await office.tap(MAKER, "Confirm")
    assert "🧊 Payouts are frozen just now" in office.last(MAKER).text
    assert "🧊 Payouts are frozen just now" in office.last(SECOND_CHECKER).text
    await office.tap(CHECKER, "Approve")
    await office.say(OWNER, "/unfreeze")
    await office.say(OTHER_OWNER, "/unfreeze")
    for chat in EVERYBODY:
        assert any("Wanjiku and Njeri opened them. 1 payout goes out now." in text for text in office.texts(chat))


async def test_commands_without_a_number_list_what_they_could_be_about(office: Office) -> None:
    for command, none in (
        ("/approve", "Nothing waits for your yes or no."),
        ("/reject", "Nothing waits for your yes or no."),
        ("/retry", "Nothing has failed that could be sent again."),
        ("/cancel_payout", "There is nothing that you could call back."),
        ("/resolve", "Nothing waits for a decision of two people."),
    ):
        await office.say(OWNER, command)
        assert office.last(OWNER).text == none
    await office.request()
    await office.say(CHECKER, "/approve")
    await office.tap(CHECKER, "#1")
    assert "Approve" in office.last(CHECKER).buttons
    await office.say(MAKER, "/cancel_payout")
    await office.tap(MAKER, "#1")
    assert "Cancel payout" in office.last(MAKER).buttons
    await office.say(OWNER, "/cancel_payout")
    assert office.last(OWNER).buttons == {}
    await office.tap(CHECKER, "Approve")
    await office.result(2040)
    await office.say(MAKER, "/retry")
    assert office.last(MAKER).buttons == {}
    await office.say(MAKER, "/trace")
    await office.tap(MAKER, "Payout 1 · KES 5,000 · failed")
    assert office.last(MAKER).text.startswith("Payout 1")


async def test_a_busy_mpesa_leaves_the_payout_to_an_owner_to_call_off(office: Office) -> None:
    office.world.payouts.sends.extend([Failed(Reason.BUSY, "500.003.02")] * 9)
    await office.sent()
    await office.say(OWNER, "/cancel_payout")
    await office.tap(OWNER, "#1")
    await office.tap(OWNER, "Cancel payout")
    assert (await office.payout()).status is P.CANCELLED
    assert await office.promised() == 0


async def test_a_retry_after_the_replacement_was_paid_asks_for_a_new_yes(office: Office) -> None:
    await office.sent()
    await office.result(8)
    failed = next(shown for shown in office.world.telegram.messages.values() if "Retry" in shown.buttons)
    await office.request("/payout 1 5000 0712345678 Akinyi Otieno")
    await office.tap(CHECKER, "Approve")
    await office.result()
    await office.tap_data(failed.chat_id, failed.buttons["Retry"], failed.id)
    told = office.last(failed.chat_id)
    assert "Payout 2, asked for since, has the same campaign, phone and amount" in told.text
    await office.tap(failed.chat_id, "Ask for a new payout")
    await office.tap(failed.chat_id, "Confirm")
    await office.tap(failed.chat_id, "Yes, it is meant")
    assert (await office.payout()).status is P.PENDING
    assert len(office.world.payouts.sent) == 2


async def test_a_retry_while_frozen_says_so(office: Office) -> None:
    await office.sent()
    await office.result(2001)
    assert "two owners unfreeze" in [text for text in office.texts(MAKER) if "failed" in text][-1]
    await office.tap(MAKER, "Retry")
    assert "Payouts are frozen" in office.pop_up


async def test_the_balance_is_shown_and_asked_for_anew(office: Office) -> None:
    await office.say(MAKER, "/balance")
    assert "M-Pesa has not told us yet" in office.last(MAKER).text
    assert len(office.world.payouts.asked) == 1
    await office.sent()
    await office.result()
    await office.tap(MAKER, "Refresh")
    assert "Utility Account: <b>KES 5,000.50</b>" in "".join(office.texts(MAKER))
    assert len(office.world.payouts.asked) == 2


async def test_the_report(office: Office) -> None:
    await office.sent()
    await office.result()
    await office.request("/payout 1 700 0712345678 Akinyi")
    await office.say(MAKER, "/report")
    today, open_ones, yesterday = office.texts(MAKER)[-3:]
    assert today == "<b>Today, 22 Nov 2026</b>\nWater for Turkana: 1 gift, KES 100,000; 1 payout, KES 5,000"
    assert "raised KES 100,000\npaid KES 5,000\npromised KES 700\navailable KES 94,300" in open_ones
    assert "The books of 21 Nov 2026" in yesterday


async def test_what_a_status_says_is_told_like_a_result(office: Office) -> None:
    office.world.payouts.sends.append(Unknown("timeout"))
    await office.sent()
    await office.world.wait(seconds=61)
    token = office.world.payouts.question_token()
    await office.world.use_cases.paying.mailbox.status_result(token, status_result(shillings=5000))
    await office.world.work()
    assert "Payout #1 is paid" in office.last(MAKER).text
