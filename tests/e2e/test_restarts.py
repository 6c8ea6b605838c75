"""The process dies, or starts while Telegram is away. What was promised is kept."""

import asyncio

import pytest

from standins.shapes import Behaviour, CallbackByHand, Fault
from tests.e2e.books import raised_minor
from tests.e2e.house import House

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_killed_between_push_and_callback_the_payment_is_found_after_the_start(house: House) -> None:
    donor = await house.donor()
    prompt = await donor.is_asked(house.slug)
    await donor.reads("Check your phone")
    await house.kill()
    await house.standins.decide(prompt.checkout_id, "pay")
    moved = await donor.paid()
    await house.start()
    await donor.reads("The M-Pesa receipt follows")
    await house.standins.callback(CallbackByHand(moved.checkout_id))
    await donor.reads(f"is {moved.receipt}")
    assert await donor.pushes() == 1


async def test_killed_while_the_push_is_under_way_it_is_never_sent_again(house: House) -> None:
    donor = await house.donor()
    await house.standins.script(donor.phone, Behaviour(answer="slow:30"))
    prompt = await donor.is_asked(house.slug)
    await house.kill()
    await house.start()
    await house.pay(prompt)
    await donor.reads((await donor.paid()).receipt)
    assert await donor.pushes() == 1


async def test_a_restart_in_the_middle_of_a_half_finished_gift_keeps_it(house: House) -> None:
    donor = await house.donor()
    await donor.chooses_amount(house.slug)
    assert await house.stop() == 0
    await house.start()
    await donor.says(donor.typed_phone, "Press Confirm")
    prompt = await donor.confirms()
    assert prompt.shillings == 500
    await house.pay(prompt)
    await donor.reads((await donor.paid()).receipt)


async def test_started_while_telegram_is_away_it_takes_callbacks(house: House) -> None:
    donor, before = await house.donor(), await raised_minor(house)
    prompt = await donor.is_asked(house.slug)
    await donor.reads("Check your phone")
    await house.stop()
    await house.standins.fault(Fault(service="telegram", kind="down"))
    await house.start()
    assert await house.readiness() == {"status": "ready", "storage": "ok", "telegram": "out of reach"}
    await house.pay(prompt)
    assert await raised_minor(house) == before + 50_000
    await house.standins.heal()
    await donor.reads((await donor.paid()).receipt)


async def test_stopped_in_the_middle_of_a_push_it_finishes_and_exits(house: House) -> None:
    donor = await house.donor()
    await house.standins.script(donor.phone, Behaviour(answer="slow:1.5"))
    prompt = await donor.is_asked(house.slug)
    async with asyncio.timeout(10):
        assert await house.stop() == 0
    await donor.reads("Check your phone")
    await house.start()
    await house.pay(prompt)
    await donor.reads((await donor.paid()).receipt)
