"""No word from M-Pesa: what questions decide, and what they must not."""

from fundraising.giving.tasks import AskMpesa
from fundraising.statuses import DonationStatus, Review
from mpesa.codes import Reason
from mpesa.outcome import Failed, Succeeded, Unknown
from tests.databases import any_database
from tests.fakes import callback
from tests.fundraising.house import House

CANCELLED = Failed(Reason.CANCELLED, "1032")
NO_ANSWER = Failed(Reason.NO_ANSWER, "1037")


async def test_a_gift_that_failed_by_our_questions_is_asked_about_after_an_hour_and_a_day(house: House) -> None:
    house.mpesa.queries.extend([CANCELLED, CANCELLED])
    await house.give(500)
    await house.wait(seconds=31)
    await house.wait(seconds=61)
    assert (await house.donation()).status is DonationStatus.FAILED
    asked = len(house.mpesa.asked)
    await house.wait(minutes=59)
    assert len(house.mpesa.asked) == asked
    await house.wait(minutes=2)
    assert len(house.mpesa.asked) == asked + 1
    house.mpesa.queries.append(Succeeded(None))
    await house.wait(hours=22, minutes=58)
    assert (await house.donation()).status is DonationStatus.FAILED
    await house.wait(minutes=5)
    assert (await house.donation()).status is DonationStatus.COMPLETED
    assert await house.told() == ["failed", "completed_late"]
    for _ in range(3):
        await house.wait(days=1)
    assert len(house.mpesa.asked) == asked + 2


async def test_a_gift_that_a_callback_failed_is_not_asked_about_any_more(house: House) -> None:
    await house.give(500)
    await house.hear(callback(code=1032))
    for _ in range(30):
        await house.wait(hours=1)
    assert house.mpesa.asked == []


async def test_mpesa_is_asked_on_a_growing_schedule(house: House) -> None:
    await house.give()
    asked = []
    for _ in range(120):
        before = len(house.mpesa.asked)
        await house.wait(seconds=30)
        asked.append(len(house.mpesa.asked) - before)
    at = [30 * (n + 1) for n, times in enumerate(asked) if times]
    assert at[:5] == [30, 90, 210, 510, 1410]
    assert max(asked) == 1


async def test_one_negative_answer_decides_nothing_and_two_that_agree_do(house: House) -> None:
    await house.give()
    house.mpesa.queries.extend([CANCELLED, CANCELLED])
    await house.wait(seconds=31)
    assert (await house.donation()).status is DonationStatus.PENDING
    await house.wait(seconds=61)
    donation = await house.donation()
    assert (donation.status, donation.failure) == (DonationStatus.FAILED, Reason.CANCELLED)
    assert await house.told() == ["failed"]


async def test_two_negative_answers_that_disagree_decide_nothing(house: House) -> None:
    await house.give()
    house.mpesa.queries.extend([CANCELLED, NO_ANSWER])
    await house.wait(seconds=31)
    await house.wait(seconds=61)
    assert (await house.donation()).status is DonationStatus.PENDING


async def test_two_negative_answers_close_together_decide_nothing(house: House) -> None:
    await house.give()
    house.mpesa.queries.extend([CANCELLED, CANCELLED])
    await house.use_cases.asking.ask(AskMpesa(1), 1)
    await house.use_cases.asking.ask(AskMpesa(1), 2)
    assert len(house.mpesa.asked) == 2
    assert (await house.donation()).status is DonationStatus.PENDING


async def test_still_processing_says_nothing(house: House) -> None:
    await house.give()
    house.mpesa.queries.extend([CANCELLED, Unknown("still processing", "4999"), CANCELLED])
    await house.wait(seconds=31)
    await house.wait(seconds=61)
    assert (await house.donation()).status is DonationStatus.PENDING
    await house.wait(seconds=121)
    assert (await house.donation()).status is DonationStatus.FAILED


async def test_a_positive_answer_credits_the_amount_asked_for_and_the_receipt_follows(house: House) -> None:
    await house.give(500)
    house.mpesa.queries.append(Succeeded(None))
    await house.wait(seconds=31)
    assert await house.held("campaign:1") == 500
    await house.hear(callback())
    assert await house.held("campaign:1") == 500
    assert (await house.donation()).receipt == "TKM1AAAAAA"
    assert await house.told() == ["completed", "receipt"]


async def test_1037_in_a_callback_leaves_it_pending_and_a_later_success_credits(house: House) -> None:
    await house.give(500)
    await house.hear(callback(code=1037))
    await house.work()
    assert (await house.donation()).status is DonationStatus.PENDING
    assert await house.told("ShowWaiting") == ["no_answer"]
    await house.hear(callback())
    assert await house.held("campaign:1") == 500


async def test_a_decided_donation_is_asked_about_no_more(house: House) -> None:
    await house.give()
    await house.hear(callback())
    await house.wait(hours=2)
    assert house.mpesa.asked == []


async def test_after_a_day_of_silence_a_person_must_look_and_asking_ends(house: House) -> None:
    await house.give()
    for _ in range(30):
        await house.wait(hours=1)
    donation = await house.donation()
    assert (donation.status, donation.needs_review) == (DonationStatus.PENDING, Review.NO_WORD)
    assert await house.told() == ["no_word"]
    assert await house.told("TellOwners") == ["no_word"]
    asked = len(house.mpesa.asked)
    await house.wait(hours=5)
    assert len(house.mpesa.asked) == asked


async def test_hints_about_one_donation_cost_one_question_in_half_a_minute(house: House) -> None:
    await house.give()
    for n in range(10):
        await house.hear(callback(code=n), token=None)
        await house.work()
    assert len(house.mpesa.asked) == 1
    await house.wait(seconds=31)
    assert 2 <= len(house.mpesa.asked) <= 3


async def test_a_hint_about_a_failed_donation_finds_the_late_success(house: House) -> None:
    await house.give(500)
    await house.hear(callback(code=1032))
    house.mpesa.queries.append(Succeeded(None))
    await house.hear(callback(), token=None)
    await house.work()
    assert (await house.donation()).status is DonationStatus.COMPLETED
    assert await house.told() == ["failed", "completed_late"]


@any_database
async def test_a_prompt_that_was_not_even_sent_is_not_called_silence(house: House) -> None:
    house.mpesa.pushes.append(Failed(Reason.BUSY, "500.003.02"))
    await house.give()
    house.clock.forward(minutes=10)
    await house.use_cases.asking.ask(AskMpesa(1), 1)
    assert (await house.donation()).needs_review is None
    assert await house.told() == []
