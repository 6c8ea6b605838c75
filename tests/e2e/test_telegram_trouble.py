"""Telegram is away, repeats itself, or lost the donor: the money does not mind."""

import asyncio

import pytest

from standins.shapes import Behaviour, Fault
from tests.e2e.books import raised_minor
from tests.e2e.house import House

pytestmark = pytest.mark.asyncio(loop_scope="package")
AWAY = Fault(service="telegram", kind="down")


async def test_telegram_is_down_and_the_gift_is_settled_meanwhile_and_told_later(house: House) -> None:
    donor, before = await house.donor(), await raised_minor(house)
    prompt = await donor.is_asked(house.slug)
    await donor.reads("Check the phone")
    await house.standins.fault(AWAY)
    await house.pay(prompt)
    moved = await donor.paid()
    assert await raised_minor(house) == before + 50_000
    assert moved.receipt not in await donor.chat()
    await house.standins.heal()
    await donor.reads(moved.receipt)
    await donor.says("/history", moved.receipt)


async def test_a_donor_who_blocked_the_bot_has_given_all_the_same(house: House) -> None:
    donor, before = await house.donor(), await raised_minor(house)
    prompt = await donor.is_asked(house.slug)
    await donor.reads("Check the phone")
    await house.standins.block(donor.user_id)
    await house.pay(prompt)
    moved = await donor.paid()
    assert await raised_minor(house) == before + 50_000
    await house.standins.unblock(donor.user_id)
    await donor.says("/history", moved.receipt)


async def test_confirm_tapped_sent_again_and_repeated_prompts_the_phone_once(house: House) -> None:
    donor = await house.donor()
    await donor.prepares(house.slug)
    sent = await house.standins.tap(donor.user_id, "Confirm")
    await house.standins.tap_again(donor.user_id)
    again = await house.standins.tap_again(donor.user_id)
    await house.standins.repeat(again.update_id)
    await donor.says("/help", "Choose a campaign")  # a chat's updates are handled in their order: those before are done
    assert await donor.pushes() == 1
    prompt = await house.standins.wait_for_prompt(donor.phone)
    await house.pay(prompt)
    thanks = await donor.reads((await donor.paid()).receipt, since=sent.mark)
    await house.standins.tap_again(donor.user_id)
    await donor.says("/help", "Choose a campaign")
    assert await donor.pushes() == 1
    assert thanks.text in await donor.chat()


async def test_two_taps_at_the_same_instant_prompt_the_phone_once(house: House) -> None:
    donor = await house.donor()
    await donor.prepares(house.slug)
    await asyncio.gather(*(house.standins.tap(donor.user_id, "Confirm") for _ in range(2)))
    prompt = await house.standins.wait_for_prompt(donor.phone)
    await donor.says("/help", "Choose a campaign")
    assert await donor.pushes() == 1
    await house.pay(prompt)
    await donor.reads((await donor.paid()).receipt)


async def test_a_donors_message_that_telegram_repeats_is_answered_once(house: House) -> None:
    donor = await house.donor()
    await house.standins.script(donor.phone, Behaviour(do="pay"))
    sent = await house.standins.say(donor.user_id, f"/start c_{house.slug}")
    await donor.reads("How much", since=sent.mark)
    await house.standins.repeat(sent.update_id)
    await donor.says("/help", "Choose a campaign")
    assert (await donor.chat()).count("How much") == 1
