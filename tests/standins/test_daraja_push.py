"""A push that was accepted: the prompt, what its owner does, the callback, the book, the query."""

import asyncio
import re

import httpx
import pytest

from standins.driver import NotPossible, Standins
from standins.shapes import Act, Behaviour, Book, Step
from tests.standins.conftest import Caller, Start, with_daraja
from tests.standins.daraja_caller import PHONE, DarajaCaller
from tests.standins.receiver import Receiver
from tests.standins.shapes_recorded import FAILED, PAID, QUERIED, shape


async def test_a_push_is_acknowledged_and_rings(daraja: DarajaCaller, standins: Standins, receiver: Receiver) -> None:
    answer = (await daraja.push(receiver.url)).json()
    assert answer["ResponseCode"] == "0"
    assert set(answer) == {
        "MerchantRequestID",
        "CheckoutRequestID",
        "ResponseCode",
        "ResponseDescription",
        "CustomerMessage",
    }
    assert re.fullmatch(r"ws_CO_\d{17}708374149", answer["CheckoutRequestID"])
    prompt = await standins.wait_for_prompt(PHONE)
    assert (prompt.shillings, prompt.reference, prompt.checkout_id) == (500, "DK3F9A27", answer["CheckoutRequestID"])


@pytest.mark.parametrize(
    ("act", "code"), [("pay", 0), ("wrong_pin", 2001), ("cancel", 1032), ("ignore", 1037), ("no_money", 1)]
)
async def test_each_decision_has_its_result_in_callback_query_and_book(
    daraja: DarajaCaller, standins: Standins, receiver: Receiver, act: Act, code: int
) -> None:
    checkout_id = await daraja.pushed(receiver.url)
    await standins.decide(checkout_id, act)
    [received] = await receiver.wait_for(1)
    assert shape(received.body) == shape(PAID if code == 0 else FAILED)
    assert receiver.results == [code]
    queried = (await daraja.query(checkout_id)).json()
    assert shape(queried) == shape(QUERIED)
    assert queried["ResultCode"] == str(code)
    assert [moved.shillings for moved in await standins.moved()] == ([500] if code == 0 else [])


async def test_a_payment_is_told_alike_everywhere(daraja: DarajaCaller, standins: Standins, receiver: Receiver) -> None:
    checkout_id = await daraja.pushed(receiver.url)
    await standins.decide(checkout_id, "pay", pin="1234")
    [received] = await receiver.wait_for(1)
    items = received.body["Body"]["stkCallback"]["CallbackMetadata"]["Item"]
    told = {item["Name"]: item.get("Value") for item in items}
    [moved] = await standins.moved()
    assert told["MpesaReceiptNumber"] == moved.receipt
    assert re.fullmatch(r"[A-Z]{2}[1-9A-V][A-Z0-9]{7}", moved.receipt)
    assert (told["Amount"], told["PhoneNumber"], told["Balance"]) == (500.0, int(PHONE), None)
    assert (moved.phone, moved.reference, moved.checkout_id) == (PHONE, "DK3F9A27", checkout_id)
    book = await standins.wait_for_book(lambda book: bool(book.callbacks))
    assert [(c.url, c.status, c.body_code) for c in book.callbacks] == [(receiver.url, 200, 0)]
    assert [(p.callback_url, p.result) for p in book.pushes] == [(receiver.url, 0)]


async def test_a_wrong_pin_is_a_wrong_pin(daraja: DarajaCaller, standins: Standins, receiver: Receiver) -> None:
    await standins.decide(await daraja.pushed(receiver.url), "pay", pin="4321")
    await receiver.wait_for(1)
    assert receiver.results == [2001]
    assert await standins.moved() == []


async def test_a_prompt_can_be_decided_once(daraja: DarajaCaller, standins: Standins, receiver: Receiver) -> None:
    checkout_id = await daraja.pushed(receiver.url)
    await standins.decide(checkout_id, "pay")
    with pytest.raises(NotPossible, match="no open prompt"):
        await standins.decide(checkout_id, "pay")
    assert len(await standins.moved()) == 1


async def test_an_unanswered_prompt_ends_with_1037(start: Start, caller_of: Caller, receiver: Receiver) -> None:
    options = with_daraja(prompt_life_s=0.05)
    daraja = caller_of(await start(options), options)
    await daraja.pushed(receiver.url)
    await receiver.wait_for(1)
    assert receiver.results == [1037]


async def test_a_scripted_phone_acts_by_itself_and_then_as_always(
    daraja: DarajaCaller, standins: Standins, receiver: Receiver
) -> None:
    await standins.script(PHONE, Behaviour(do="wrong_pin"), Behaviour(do="cancel"), always=Behaviour(do="pay"))
    for place, amount in enumerate((100, 200, 300, 400), start=1):
        await daraja.pushed(receiver.url, Amount=amount)
        await receiver.wait_for(place)
    assert receiver.results == [2001, 1032, 0, 0]
    assert [moved.shillings for moved in await standins.moved()] == [300, 400]


async def test_a_callback_may_come_twenty_times_at_once(
    daraja: DarajaCaller, standins: Standins, receiver: Receiver
) -> None:
    await standins.script(PHONE, Behaviour(do="pay", callback="twenty_at_once"))
    await daraja.pushed(receiver.url)
    received = await receiver.wait_for(20)
    assert len({str(each.body) for each in received}) == 1
    assert len(await standins.moved()) == 1


async def test_a_callback_may_be_lost(daraja: DarajaCaller, standins: Standins, receiver: Receiver) -> None:
    await standins.script(PHONE, Behaviour(do="pay", callback="none"))
    checkout_id = await daraja.pushed(receiver.url)
    await standins.wait_for_event("callback_lost")
    assert (await daraja.query(checkout_id)).json()["ResultCode"] == "0"
    assert receiver.received == []


async def test_a_callback_may_come_before_the_acknowledgement(
    daraja: DarajaCaller, standins: Standins, receiver: Receiver
) -> None:
    await standins.script(PHONE, Behaviour(do="pay", callback="before_ack"))
    await daraja.pushed(receiver.url)
    assert receiver.results == [0]


async def test_a_callback_may_come_late(daraja: DarajaCaller, standins: Standins, receiver: Receiver) -> None:
    await standins.script(PHONE, Behaviour(do="pay", delay=0, callback="late:0.1"))
    await daraja.pushed(receiver.url)
    await standins.wait_for_event("moved")
    assert receiver.received == []
    await receiver.wait_for(1)


async def test_another_amount_than_asked_for_is_what_really_moved(
    daraja: DarajaCaller, standins: Standins, receiver: Receiver
) -> None:
    await standins.script(PHONE, Behaviour(do="pay", amount=300))
    await daraja.pushed(receiver.url)
    [received] = await receiver.wait_for(1)
    assert received.body["Body"]["stkCallback"]["CallbackMetadata"]["Item"][0]["Value"] == 300
    assert [moved.shillings for moved in await standins.moved()] == [300]


@pytest.mark.parametrize(("first", "code"), [("ignore", 1037), ("cancel", 1032)])
async def test_a_success_may_follow_a_failure(
    start: Start, caller_of: Caller, receiver: Receiver, first: Act, code: int
) -> None:
    options = with_daraja(prompt_life_s=0.05)
    standins = await start(options)
    daraja = caller_of(standins, options)
    await standins.script(PHONE, Behaviour(do=first, then=[Step("pay", delay=0.05)]))
    checkout_id = await daraja.pushed(receiver.url)
    await receiver.wait_for(2)
    assert receiver.results == [code, 0]
    assert (await daraja.query(checkout_id)).json()["ResultCode"] == "0"
    assert len(await standins.moved()) == 1


@pytest.mark.parametrize(
    ("answer", "status", "content"),
    [
        ("http500", 500, b"500.002.1001"),
        ("spike_arrest", 500, b"500.003.02"),
        ("html", 200, b"<html>"),
        ("empty400", 400, b""),
    ],
)
async def test_a_push_may_be_answered_wrongly_and_ring_only_when_told(
    daraja: DarajaCaller, standins: Standins, receiver: Receiver, answer: str, status: int, content: bytes
) -> None:
    await standins.script(PHONE, Behaviour(answer=answer), Behaviour(answer=answer, rings=True))
    silent = await daraja.push(receiver.url)
    assert (silent.status_code, content in silent.content) == (status, True)
    assert (await standins.book()).pushes == []
    rung = await daraja.push(receiver.url)
    assert rung.status_code == status
    assert len(await standins.prompts(PHONE)) == 1


@pytest.mark.parametrize(("answer", "rings"), [("lost", 1), ("refuse_connection", 0)])
async def test_the_answer_to_a_push_may_be_cut_off(
    daraja: DarajaCaller, standins: Standins, receiver: Receiver, answer: str, rings: int
) -> None:
    await standins.script(PHONE, Behaviour(answer=answer))
    with pytest.raises(httpx.TransportError):
        await daraja.push(receiver.url)
    assert len(await standins.prompts(PHONE)) == rings


async def test_the_answer_to_a_push_may_be_slow(daraja: DarajaCaller, standins: Standins, receiver: Receiver) -> None:
    await standins.script(PHONE, Behaviour(do="pay", delay=0, answer="slow:0.2"))
    push = asyncio.create_task(daraja.push(receiver.url))
    await receiver.wait_for(1)
    assert not push.done()
    assert (await push).status_code == 200


async def test_a_query_says_that_it_is_being_processed(daraja: DarajaCaller, receiver: Receiver) -> None:
    checkout_id = await daraja.pushed(receiver.url)
    answer = await daraja.query(checkout_id)
    assert (answer.status_code, answer.json()["errorCode"]) == (500, "500.001.1001")
    assert answer.json()["errorMessage"] == "The transaction is being processed"


async def test_a_query_may_say_4999_instead(start: Start, caller_of: Caller, receiver: Receiver) -> None:
    options = with_daraja(pending_answer="4999")
    daraja = caller_of(await start(options), options)
    answer = await daraja.query(await daraja.pushed(receiver.url))
    assert (answer.status_code, answer.json()["ResultCode"]) == (200, "4999")


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("4999_then_truth:2", ["4999", "4999", "0"]),
        ("processing_then_truth:1", ["500.001.1001", "0", "0"]),
        ("failed_contradiction", ["1032", "1032", "1032"]),
    ],
)
async def test_a_query_may_hide_or_twist_the_truth(
    daraja: DarajaCaller, standins: Standins, receiver: Receiver, style: str, told: list[str]
) -> None:
    await standins.script(PHONE, Behaviour(do="pay", query=style))
    checkout_id = await daraja.pushed(receiver.url)
    await receiver.wait_for(1)
    answers = [(await daraja.query(checkout_id)).json() for _ in told]
    assert [answer.get("ResultCode") or answer["errorCode"] for answer in answers] == told


async def test_a_query_knows_no_foreign_transaction(daraja: DarajaCaller) -> None:
    answer = await daraja.query("ws_CO_01012025101010124700000001")
    assert (answer.status_code, answer.json()["errorMessage"]) == (500, "The transaction does not exist")
    assert (await daraja.query("x")).json()["errorMessage"] == "Bad Request - Invalid CheckoutRequestID"


async def test_an_unheard_callback_is_recorded_and_not_sent_again(daraja: DarajaCaller, standins: Standins) -> None:
    await standins.script(PHONE, Behaviour(do="pay", delay=0))
    await daraja.pushed("http://127.0.0.1:9/nobody")

    def is_recorded(book: Book) -> bool:
        return [callback.status for callback in book.callbacks] == [None]

    book = await standins.wait_for_book(is_recorded)
    assert book.callbacks[0].error


async def test_callbacks_can_be_made_to_come_again(start: Start, caller_of: Caller, receiver: Receiver) -> None:
    options = with_daraja(callback_retries=2, callback_retry_pause_s=0.01)
    standins = await start(options)
    receiver.statuses = [503, 503]
    await standins.script(PHONE, Behaviour(do="pay"))
    await caller_of(standins, options).pushed(receiver.url)
    await receiver.wait_for(3)
    book = await standins.wait_for_book(lambda book: len(book.callbacks) == 3)
    assert [callback.status for callback in book.callbacks] == [503, 503, 200]
