"""M-Pesa says nothing, or nothing final: it is asked, and nobody is told a guess."""

import pytest

from standins.shapes import Behaviour, CallbackByHand
from tests.e2e.house import House, on_enough

pytestmark = [pytest.mark.asyncio(loop_scope="package"), on_enough]
NEVER_TELLS = "processing_then_truth:999"  # to whoever asks


async def test_no_callback_ever_comes_and_two_queries_end_it(house: House) -> None:
    donor = await house.donor()
    await house.standins.script(donor.phone, Behaviour(callback="none"))
    prompt = await donor.is_asked(house.slug)
    await house.standins.decide(prompt.checkout_id, "ignore", callback="none")
    told = await donor.reads("did not get an answer from the phone. It may have been off")
    assert "did not go through" in told.text
    assert "No money left your account." not in told.text, "a debit minutes later was observed"


async def test_a_payment_whose_callback_is_lost_is_found_by_asking(house: House) -> None:
    donor = await house.donor()
    await donor.gives(house.slug, Behaviour(do="pay", callback="none"))
    await donor.reads("The receipt is in M-Pesa's own message")


async def test_4999_is_not_a_failure_and_the_late_callback_attaches_the_receipt(house: House) -> None:
    donor = await house.donor()
    await donor.gives(house.slug, Behaviour(do="pay", callback="none", query="4999_then_truth:1"))
    moved = await donor.paid()
    thanks = await donor.reads("The receipt is in M-Pesa's own message")
    assert "Asante" in thanks.text
    assert not await donor.was_once_told("did not go through")
    assert (await house.standins.callback(CallbackByHand(moved.checkout_id))).status == 200
    await donor.reads(f"is {moved.receipt}")


async def test_1037_in_a_callback_leaves_it_open_and_the_success_counts(house: House) -> None:
    donor = await house.donor()
    await donor.gives(house.slug, Behaviour(do="pay", callback="none", query=NEVER_TELLS))
    moved = await donor.paid()
    await donor.reads("Check the phone")
    await house.standins.callback(CallbackByHand(moved.checkout_id, code=1037))
    waiting = await donor.reads("did not get an answer from the phone")
    assert "That is not final" in waiting.text
    await house.standins.callback(CallbackByHand(moved.checkout_id))
    thanks = await donor.reads(moved.receipt)
    assert "after all" not in thanks.text
    assert not await donor.was_once_told("did not go through")


async def test_a_success_after_the_failure_was_told_counts_and_is_told(house: House) -> None:
    donor = await house.donor()
    await donor.gives(house.slug, Behaviour(do="pay", callback="none", query=NEVER_TELLS))
    moved = await donor.paid()
    await house.standins.callback(CallbackByHand(moved.checkout_id, code=1032))
    await donor.reads("cancelled on the phone")
    await house.standins.callback(CallbackByHand(moved.checkout_id))
    correction = await donor.reads("did arrive after all")
    assert moved.receipt in correction.text
    await donor.says("/history", moved.receipt)


async def test_a_lost_answer_to_the_push_is_never_sent_again(house: House) -> None:
    donor = await house.donor()
    await house.standins.script(donor.phone, Behaviour(answer="lost"))
    prompt = await donor.is_asked(house.slug)
    waiting = await donor.reads("has not answered us yet")
    assert prompt.reference in waiting.text
    await house.pay(prompt)
    await donor.reads((await donor.paid()).receipt)
    assert await donor.pushes() == 1
