"""The process dies, stops, or starts while Telegram is away. What was promised is kept, nothing is done twice."""

import asyncio

import pytest

from standins.shapes import Behaviour, CallbackByHand, Fault
from tests.e2e.books import raised_minor
from tests.e2e.house import House, on_enough, on_sqlite
from trustvoice.rehearsal.child import LOOPBACK

pytestmark = pytest.mark.asyncio(loop_scope="package")


@on_enough
async def test_killed_between_push_and_callback_no_payment_is_lost_and_no_phone_prompted_again(house: House) -> None:
    asked, being_asked = await house.donor(), await house.donor()
    prompt = await asked.is_asked(house.slug)
    await asked.reads("Check the phone")
    await house.standins.script(being_asked.phone, Behaviour(answer="slow:3"))
    unanswered_push = await being_asked.is_asked(house.slug)
    await house.kill()
    await house.standins.decide(prompt.checkout_id, "pay")  # its callback finds nobody
    moved = await asked.paid()
    await house.start()
    await house.pay(unanswered_push)
    await being_asked.reads((await being_asked.paid()).receipt)
    await asked.reads("The receipt is in M-Pesa's own message")
    await house.standins.callback(CallbackByHand(moved.checkout_id))
    await asked.reads(f"is {moved.receipt}")
    assert [await asked.pushes(), await being_asked.pushes()] == [1, 1]


@on_enough
async def test_a_stop_finishes_a_push_under_way_and_a_start_takes_up_a_half_finished_gift(house: House) -> None:
    undecided, being_asked = await house.donor(), await house.donor()
    await undecided.chooses_amount(house.slug)
    await house.standins.script(being_asked.phone, Behaviour(answer="slow:1"))
    prompt = await being_asked.is_asked(house.slug)
    async with asyncio.timeout(10):
        assert await house.stop() == 0
    await being_asked.reads("Check the phone")
    await house.start()
    await house.pay(prompt)
    await being_asked.reads((await being_asked.paid()).receipt)
    await undecided.says(undecided.typed_phone, "Press Confirm")
    await house.pay(await undecided.confirms())
    assert (await undecided.paid()).shillings == 500
    await undecided.reads((await undecided.paid()).receipt)


@on_sqlite
async def test_a_client_who_never_ends_its_request_does_not_hold_up_the_stop(house: House) -> None:
    _, dawdling = await asyncio.open_connection(LOOPBACK, house.rehearsal.server_port)
    dawdling.write(b"POST /webhooks/mpesa HTTP/1.1\r\nHost: give.example\r\nContent-Length: 100\r\n\r\n{")
    await dawdling.drain()
    await house.readiness()  # what was sent before is being handled by now
    async with asyncio.timeout(10):
        assert await house.stop() == 0
    dawdling.close()


@on_enough
async def test_started_while_telegram_is_away_it_takes_callbacks_and_tells_later(house: House) -> None:
    donor, before = await house.donor(), await raised_minor(house)
    prompt = await donor.is_asked(house.slug)
    await donor.reads("Check the phone")
    await house.stop()
    await house.standins.fault(Fault(service="telegram", kind="down"))
    await house.start()
    parts = await house.readiness()
    assert (parts["status"], parts["storage"], parts["telegram"]) == ("ready", "ok", "out of reach")
    await house.pay(prompt)
    assert await raised_minor(house) == before + 50_000
    await house.standins.heal()
    await donor.reads((await donor.paid()).receipt)
