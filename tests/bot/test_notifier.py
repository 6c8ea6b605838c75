"""What donors and owners are told, and what happens when Telegram does not take it."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from telegram.error import NetworkError

from bot.giving.notifier import LETTERS
from bot.paying.stories import STORIES
from fundraising.giving import news as gift_news
from fundraising.giving.donation import Donation
from fundraising.giving.news import News, OfferTryAgain, ShowWaiting, TellDonor, Waiting, is_true
from fundraising.missed import Unreachable
from fundraising.money import Money
from fundraising.news import Alarm, TellOwners
from fundraising.paying import news as payout_news
from fundraising.statuses import DonationStatus, Push, Review
from mpesa.codes import Reason
from mpesa.outcome import Failed, Succeeded
from tests.bot.telegram import BAD_HTML, BLOCKED, CUT_OFF, FLOOD, NO_CHAT, TOO_LONG, Refusal
from tests.bot.world import OWNER, World
from tests.fakes import callback

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
COMPLETED = TellDonor(1, 1, News.COMPLETED)


async def test_a_failure_says_why_what_of_the_money_and_what_next(world: World) -> None:
    donation = await world.give()
    world.clock.forward(seconds=15)
    await world.hear(callback(code=1032))
    assert "cancelled on the phone" in world.last.text
    assert "No money left your account." in world.last.text
    assert "You can try it again in 2 minutes" in world.last.text
    assert world.last.buttons == {}
    assert "did not go through" in world.telegram.messages[donation.message_id or 0].text


async def test_the_button_try_again_appears_when_mpesa_takes_the_same_again(world: World) -> None:
    await world.give()
    await world.hear(callback(code=1032))
    await world.wait(seconds=100)
    assert world.last.buttons == {}
    await world.wait(seconds=21)
    assert world.last.buttons == {"Try again": "again:1"}
    assert "You can try it again in" not in world.last.text
    assert "Press Try again" in world.last.text


async def test_the_button_waits_until_the_phone_has_rested(world: World) -> None:
    await world.give()
    await world.hear(callback(code=2001))
    await world.wait(minutes=3)
    await world.tap("Try again")
    await world.wait(minutes=3)
    await world.hear(callback("ws_CO_2", code=2001))
    assert "You can try it again in 2 minutes" in world.last.text
    await world.wait(minutes=1)
    assert world.last.buttons == {}
    await world.wait(minutes=2)
    assert world.last.buttons == {"Try again": "again:2"}


async def test_a_late_failure_bears_the_button_at_once(world: World) -> None:
    await world.give()
    world.clock.forward(minutes=3)
    await world.hear(callback(code=1))
    assert "not enough money" in world.last.text
    assert world.last.buttons == {"Try again": "again:1"}


async def test_nothing_taken_is_only_said_where_it_is_sure(world: World) -> None:
    await world.give()
    await world.hear(callback(code=1019))
    assert "not entered in time" in world.last.text
    assert "No money left your account." not in world.last.text


async def test_a_late_success_corrects_the_failure(world: World) -> None:
    await world.give()
    await world.hear(callback(code=1032))
    await world.hear(callback())
    assert "did arrive after all" in world.last.text
    assert "TKM1AAAAAA" in world.last.text
    await world.wait(minutes=3)
    assert all("Try again" not in shown.buttons for shown in world.telegram.messages.values())


async def test_a_receipt_that_comes_later_is_told_later(world: World) -> None:
    await world.give()
    world.mpesa.queries.append(Succeeded(None))
    await world.wait(seconds=31)
    assert "The receipt is in M-Pesa's own message" in world.last.text
    await world.hear(callback())
    assert "receipt of your KES 500" in world.last.text
    assert "TKM1AAAAAA" in world.last.text


async def test_another_amount_is_kept_safe_and_told_to_donor_and_owners(world: World) -> None:
    await world.give()
    await world.hear(callback(shillings=400))
    assert "with another amount. It is kept safe" in world.last.text
    assert "Money arrived that does not fit gift #1" in world.texts_of(OWNER)[-1]


async def test_a_second_payment_is_kept_safe(world: World) -> None:
    await world.give()
    await world.hear(callback())
    await world.hear(callback(receipt="TKM2BBBBBB"))
    assert "a second payment" in world.last.text


async def test_silence_of_mpesa_is_admitted(world: World) -> None:
    donation = await world.give()
    await world.wait(hours=25)
    assert "we do not know" in world.last.text
    assert "send us the code" in world.last.text
    assert (await world.newest()).needs_review is Review.NO_WORD
    assert "has not told us how it ended" in world.telegram.messages[donation.message_id or 0].text


async def test_while_waiting_the_message_changes(world: World) -> None:
    await world.give()
    await world.wait(seconds=31)
    assert "Still waiting" in world.last.text
    await world.hear(callback(code=1037))
    assert "did not get an answer from the phone" in world.last.text
    assert not any("Still waiting" in text for text in world.texts)


@pytest.mark.parametrize("news", list(News))
async def test_news_that_no_longer_holds_is_not_told(world: World, news: News) -> None:
    await world.give()
    before = len(world.texts)
    await world.notifier.tell_donor(TellDonor(1, 1, news), 1)
    assert len(world.texts) == before


async def test_waiting_and_the_button_are_not_shown_after_the_end(world: World) -> None:
    await world.give()
    await world.hear(callback())
    sent = len(world.telegram.calls)
    await world.notifier.show_waiting(ShowWaiting(1, 1, Waiting.ASKING), 1)
    await world.notifier.offer_try_again(OfferTryAgain(1, 1), 1)
    assert len(world.telegram.calls) == sent


async def test_a_donor_who_is_not_in_telegram_now_is_not_written_to(world: World) -> None:
    await world.give()
    await world.use_cases.paying.mailbox.prompt_result(world.mpesa.token(), callback())
    await world.use_cases.donors.lost(77)
    sent = len(world.telegram.calls)
    with pytest.raises(Unreachable):
        await world.notifier.tell_donor(COMPLETED, 1)
    assert len(world.telegram.calls) == sent


@pytest.mark.parametrize("refusal", [BLOCKED, NO_CHAT])
async def test_who_blocked_us_is_not_written_to_again(world: World, refusal: Refusal) -> None:
    await world.give()
    await world.use_cases.paying.mailbox.prompt_result(world.mpesa.token(), callback())
    world.telegram.trouble("sendMessage", refusal)
    with pytest.raises(Unreachable):
        await world.notifier.tell_donor(COMPLETED, 1)
    donor = await world.use_cases.donors.find(1)
    assert donor
    assert not donor.reachable


async def test_a_flooded_chat_is_written_to_when_telegram_says(world: World) -> None:
    await world.give()
    await world.use_cases.paying.mailbox.prompt_result(world.mpesa.token(), callback())
    world.telegram.trouble("sendMessage", FLOOD)
    again = await world.notifier.tell_donor(COMPLETED, 1)
    assert again
    assert timedelta(seconds=7) < again - world.clock() < timedelta(seconds=7.2)
    assert await world.notifier.tell_donor(COMPLETED, 2) is None
    assert "TKM1AAAAAA" in world.last.text


@pytest.mark.parametrize("cut", [CUT_OFF, httpx.ReadTimeout("slow")])
async def test_a_send_whose_answer_is_lost_is_tried_again(world: World, cut: Exception) -> None:
    await world.give()
    await world.use_cases.paying.mailbox.prompt_result(world.mpesa.token(), callback())
    world.telegram.trouble("sendMessage", cut)
    with pytest.raises(NetworkError):
        await world.notifier.tell_donor(COMPLETED, 1)
    await world.notifier.tell_donor(COMPLETED, 2)
    assert "TKM1AAAAAA" in world.last.text


async def test_what_telegram_refuses_for_good_is_logged_and_not_repeated(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.give()
    await world.use_cases.paying.mailbox.prompt_result(world.mpesa.token(), callback())
    world.telegram.trouble("sendMessage", TOO_LONG)
    assert await world.notifier.tell_donor(COMPLETED, 1) is None
    assert "refused a message for good" in caplog.text


@pytest.mark.parametrize("trouble", [FLOOD, CUT_OFF, BAD_HTML, BLOCKED])
async def test_the_news_is_told_even_if_the_old_message_cannot_be_changed(world: World, trouble: Exception) -> None:
    await world.give()
    await world.use_cases.paying.mailbox.prompt_result(world.mpesa.token(), callback())
    world.telegram.trouble("editMessageText", trouble)
    assert await world.notifier.tell_donor(COMPLETED, 1) is None
    assert (await world.newest()).status is DonationStatus.COMPLETED
    assert "TKM1AAAAAA" in world.last.text


async def test_owners_learn_that_our_setup_is_refused(world: World) -> None:
    world.mpesa.pushes.append(Failed(Reason.CONFIGURATION, "404.001.04"))
    await world.give()
    await world.work()
    assert "how we are set up with M-Pesa" in world.texts_of(OWNER)[-1]
    assert "a fault. It is not your fault" in world.last.text


async def test_an_owner_who_cannot_be_reached_now_is_told_later(world: World) -> None:
    alarm = TellOwners(Alarm.NO_WORD, 1)
    world.telegram.trouble("sendMessage", FLOOD, CUT_OFF, BLOCKED)
    assert await world.notifier.tell_owners(alarm, 1) is not None
    with pytest.raises(NetworkError):
        await world.notifier.tell_owners(alarm, 2)
    assert await world.notifier.tell_owners(alarm, 3) is None
    assert world.texts_of(OWNER) == []


def test_nobody_is_told_that_nothing_was_taken_once_another_amount_arrived() -> None:
    failed = Donation(1, "R", 1, 1, Money.shillings(300), DonationStatus.FAILED, Push.ACCEPTED, NOW, NOW)
    assert is_true(News.FAILED, failed)
    assert not is_true(News.FAILED, failed._replace(needs_review=Review.OTHER_AMOUNT))
    assert not is_true(News.FAILED, failed._replace(receipt="TKM2AAAAAA"))


def test_of_every_kind_of_news_it_can_be_said_whether_it_still_holds() -> None:
    assert set(gift_news.TRUTHS) == set(LETTERS) == set(gift_news.News)
    assert set(payout_news.TRUTHS) == set(STORIES) == set(payout_news.PayoutNews)
