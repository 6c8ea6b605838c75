"""Callbacks early, often, wrong and forged. Only what M-Pesa itself says moves money, and each payment once."""

import json

import pytest

from standins.shapes import Behaviour, Book, CallbackByHand, JsonObject
from tests.e2e.books import raised_minor, suspense_minor
from tests.e2e.house import House

pytestmark = pytest.mark.asyncio(loop_scope="package")
NEVER_TELLS = "processing_then_truth:999"
WRONG_TOKEN = "0" * 64


async def test_a_callback_before_the_pushs_own_answer_settles(house: House) -> None:
    donor = await house.donor()
    await donor.gives(house.slug, Behaviour(do="pay", callback="before_ack", answer="slow:0.3"))
    await donor.reads((await donor.paid()).receipt)
    await donor.reads("received. Thank you!")
    await donor.says("/help", "Choose a campaign")  # whatever the push's answer still had to say is said by now
    assert "Check the phone" not in await donor.chat()


async def test_twenty_callbacks_at_once_count_once(house: House) -> None:
    donor, before = await house.donor(), await raised_minor(house)
    await donor.gives(house.slug, Behaviour(do="pay", callback="twenty_at_once"))
    moved = await donor.paid()
    await donor.reads(moved.receipt)
    book = await house.standins.wait_for_book(lambda book: len(statuses(book, moved.checkout_id)) == 20)
    assert set(statuses(book, moved.checkout_id)) == {200}
    assert await raised_minor(house) == before + 50_000
    await donor.says("/help", "Choose a campaign")
    assert (await donor.chat()).count(moved.receipt) == 1


async def test_another_amount_goes_to_suspense_and_the_treasurer_is_told(house: House) -> None:
    owner, donor = await house.owner(), await house.donor()
    raised, suspense = await raised_minor(house), await suspense_minor(house)
    mark = await house.standins.mark()
    await donor.gives(house.slug, Behaviour(do="pay", amount=300, query=NEVER_TELLS))
    told = await donor.reads("another amount")
    assert "treasurer" in told.text
    await owner.reads("suspense", since=mark)
    assert await raised_minor(house) == raised
    assert await suspense_minor(house) == suspense + 30_000


async def test_another_amount_than_was_credited_on_a_querys_word_is_put_right(house: House) -> None:
    donor, before = await house.donor(), await raised_minor(house)
    await donor.gives(house.slug, Behaviour(do="pay", amount=300, callback="none"))
    await donor.reads("The receipt is in M-Pesa's own message")
    moved = await donor.paid()
    await house.standins.callback(CallbackByHand(moved.checkout_id))
    assert await raised_minor(house) == before + 30_000


async def test_a_callback_for_nothing_known_is_taken_and_moves_nothing(house: House) -> None:
    before = await raised_minor(house)
    for path in (f"/webhooks/daraja/{WRONG_TOKEN}", f"/webhooks/mpesa/{WRONG_TOKEN}", "/webhooks/mpesa"):
        taken = await house.post(path, json.dumps(success("ws_CO_22112026100000000708000000")).encode())
        assert (taken.status, json.loads(taken.body)) == (200, {"ResultCode": 0, "ResultDesc": "Accepted"})
    assert (await house.post("/webhooks/mpesa", b'{"hello": []}')).status == 200
    assert (await house.post("/webhooks/mpesa", b"not JSON")).status == 400
    assert (await house.post("/webhooks/mpesa", b'"' + b"x" * 70_000 + b'"')).status == 413
    assert await raised_minor(house) == before


@pytest.mark.parametrize("token", [None, WRONG_TOKEN])
async def test_a_forged_success_is_no_money_and_is_never_shown(house: House, token: str | None) -> None:
    donor, before = await house.donor(), await raised_minor(house)
    await house.standins.script(donor.phone, Behaviour(query=NEVER_TELLS))
    prompt = await donor.is_asked(house.slug)
    path = "/webhooks/daraja" if token is None else f"/webhooks/daraja/{token}"
    forged = success(prompt.checkout_id)
    assert (await house.post(path, json.dumps(forged).encode())).status == 200
    await donor.says("/history", "waiting for M-Pesa")
    assert await raised_minor(house) == before
    await house.standins.decide(prompt.checkout_id, "cancel")
    await donor.reads("cancelled on the phone")
    assert "FORGED0000" not in await donor.chat()


async def test_a_forged_failure_ends_nothing(house: House) -> None:
    donor = await house.donor()
    await house.standins.script(donor.phone, Behaviour(query=NEVER_TELLS))
    prompt = await donor.is_asked(house.slug)
    assert (
        await house.standins.callback(CallbackByHand(prompt.checkout_id, code=1032, token=WRONG_TOKEN))
    ).status == 200
    await donor.says("/history", "waiting for M-Pesa")
    await house.pay(prompt)
    await donor.reads((await donor.paid()).receipt)
    assert not await donor.was_once_told("did not go through")


def statuses(book: Book, checkout_id: str) -> list[int | None]:
    return [sent.status for sent in book.callbacks if sent.checkout_id == checkout_id]


def success(checkout_id: str) -> JsonObject:
    items = [{"Name": "Amount", "Value": 500.0}, {"Name": "MpesaReceiptNumber", "Value": "FORGED0000"}]
    said = {
        "MerchantRequestID": "29115-34620561-1",
        "CheckoutRequestID": checkout_id,
        "ResultCode": 0,
        "ResultDesc": "The service request is processed successfully.",
        "CallbackMetadata": {"Item": items},
    }
    return {"Body": {"stkCallback": said}}
