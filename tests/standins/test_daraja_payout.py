"""A payout that was accepted: money, result, book, and what comes of it otherwise."""

import re
from datetime import datetime

import pytest

from standins.driver import Standins
from standins.shapes import Book, PayoutBehaviour, PayoutStep
from tests.standins.conftest import Caller, Start, with_daraja
from tests.standins.daraja_caller import EAT
from tests.standins.receiver import Receiver
from tests.standins.shapes_recorded import PAYOUT_FAILED, PAYOUT_PAID, shape
from tests.standins.treasury import LATE_HOOK, RECIPIENT, Treasury, told


async def test_a_payout_is_acknowledged_before_it_is_paid(treasury: Treasury, standins: Standins) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(delay=30))
    body = await treasury.b2c_body()
    answer = (await treasury.daraja.post("b2c/v3/paymentrequest", body)).json()
    assert set(answer) == {"OriginatorConversationID", "ConversationID", "ResponseCode", "ResponseDescription"}
    assert (answer["ResponseCode"], answer["OriginatorConversationID"]) == ("0", body["OriginatorConversationID"])
    assert re.fullmatch(r"AG_\d{8}_[0-9a-f]{20}", answer["ConversationID"])
    assert await standins.paid() == []


async def test_a_payment_is_told_alike_everywhere(treasury: Treasury, standins: Standins, receiver: Receiver) -> None:
    originator_id = await treasury.accepted(receiver.url)
    [received] = await receiver.wait_for(1)
    [paid] = await standins.wait_for_paid(RECIPIENT)
    result, parameters = received.body["Result"], told(received.body)
    assert shape(received.body) == shape(PAYOUT_PAID)
    assert (result["OriginatorConversationID"], result["TransactionID"]) == (originator_id, paid.receipt)
    assert (paid.originator_id, paid.conversation_id) == (originator_id, result["ConversationID"])
    assert (paid.phone, paid.shillings, paid.fee) == (RECIPIENT, 1500, 5)
    assert (parameters["TransactionReceipt"], parameters["TransactionAmount"]) == (paid.receipt, 1500)
    assert parameters["ReceiverPartyPublicName"].startswith(f"{RECIPIENT} - ")
    at = datetime.strptime(parameters["TransactionCompletedDateTime"], "%d.%m.%Y %H:%M:%S").replace(tzinfo=EAT)
    assert at.timestamp() == int(paid.at)


async def test_parameters_come_in_no_fixed_order(treasury: Treasury, standins: Standins, receiver: Receiver) -> None:
    for _ in range(5):
        await treasury.accepted(receiver.url)
    orders = [tuple(told(each.body)) for each in await receiver.wait_for(5)]
    assert len(set(orders)) > 1
    assert len({frozenset(order) for order in orders}) == 1


async def test_the_book_has_the_request_without_the_credential(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    originator_id = await treasury.accepted(receiver.url)
    book = await standins.wait_for_book(lambda book: bool(book.results))
    [asked] = book.payout_requests
    assert (asked.originator_id, asked.phone, asked.amount) == (originator_id, RECIPIENT, "1500")
    assert (asked.verdict, asked.answer, asked.result, asked.version) == ("accepted", "ok", 0, "v3")
    assert (asked.remarks, asked.occasion, asked.timeout_url) == ("School desks", "P42", LATE_HOOK)
    assert book.times_paid == {originator_id: 1}
    sent = [(each.kind, each.about, each.url, each.status, each.code) for each in book.results]
    assert sent == [("payout", originator_id, receiver.url, 200, 0)]
    assert await treasury.credential() not in repr(book)


async def test_a_payout_leaves_the_utility_account_and_its_fee_the_charges_account(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    await standins.set_float(5_000)
    await treasury.accepted(receiver.url, Amount=2000)
    [received] = await receiver.wait_for(1)
    accounts = await standins.balances()
    assert (accounts.collection, accounts.utility, accounts.charges_paid) == (0, 3_000, -9)
    parameters = told(received.body)
    assert parameters["B2CUtilityAccountAvailableFunds"] == 3000.0
    assert parameters["B2CChargesPaidAccountAvailableFunds"] == -9.0
    assert parameters["B2CWorkingAccountAvailableFunds"] == 0.0
    assert (await standins.book()).accounts == accounts


@pytest.mark.parametrize(("shillings", "fee"), [(100, 0), (101, 5), (1500, 5), (1501, 9), (20_000, 11), (250_000, 13)])
async def test_the_fee_is_that_of_the_tariff(treasury: Treasury, standins: Standins, shillings: int, fee: int) -> None:
    await treasury.accepted(Amount=shillings)
    [paid] = await standins.wait_for_paid()
    assert paid.fee == fee


async def test_the_fee_may_be_flat_and_the_float_smaller(start: Start, caller_of: Caller) -> None:
    options = with_daraja(payout_fee="3", float_shillings=40)
    standins = await start(options)
    await Treasury(caller_of(standins, options), standins).accepted(Amount=10)
    [paid] = await standins.wait_for_paid()
    assert (paid.fee, (await standins.balances()).utility) == (3, 30)


async def test_a_float_too_low_ends_with_1_until_it_is_filled(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    await standins.set_float(1_499)
    await treasury.accepted(receiver.url)
    await receiver.wait_for(1)
    await standins.set_float(1_500)
    await treasury.accepted(receiver.url)
    await receiver.wait_for(2)
    assert receiver.codes == [1, 0]
    assert (await standins.balances()).utility == 0


async def test_the_recipient_reads_an_sms(treasury: Treasury, standins: Standins) -> None:
    await treasury.accepted()
    sms = await standins.wait_for_event("sms")
    [paid] = await standins.paid()
    assert (sms.data["phone"], sms.data["to"]) == (RECIPIENT, "recipient")
    assert f"{paid.receipt} Confirmed. You have received Ksh1,500.00 from 174379 - TrustVoice" in str(sms.data["text"])


@pytest.mark.parametrize(
    ("result", "code"),
    [
        ("insufficient_float", 1),
        ("below_min", 2),
        ("above_max", 3),
        ("daily_limit", 4),
        ("wallet_full", 8),
        *((code, code) for code in (11, 17, 18, 20, 21, 22, 26, 2001, 2006, 2028, 2040, 8006, 100000000)),
        ("2040", "2040"),
        ("SFC_IC0003", "SFC_IC0003"),
    ],
)
async def test_a_failure_has_its_code_no_parameters_and_moves_nothing(
    treasury: Treasury, standins: Standins, receiver: Receiver, result: int | str, code: int | str
) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(result))
    await treasury.accepted(receiver.url)
    [received] = await receiver.wait_for(1)
    assert receiver.codes == [code]
    assert shape(received.body | {"Result": received.body["Result"] | {"ResultCode": 0}}) == shape(PAYOUT_FAILED)
    assert re.fullmatch(r"[A-Z]{2}[1-9A-V][A-Z0-9]{7}", received.body["Result"]["TransactionID"])
    book = await standins.book()
    assert (book.paid, book.times_paid, book.accounts.utility) == ([], {}, 1_000_000)
    assert book.payout_requests[0].result == code


async def test_numbers_are_scripted_one_by_one_and_then_as_always(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    always = PayoutBehaviour("daily_limit")
    await standins.script_payout(RECIPIENT, PayoutBehaviour("wallet_full"), PayoutBehaviour(), always=always)
    for place in range(1, 5):
        await treasury.accepted(receiver.url)
        await receiver.wait_for(place)
    await treasury.accepted(receiver.url, PartyB="254722000112")
    await receiver.wait_for(5)
    assert receiver.codes == [8, 0, 4, 4, 0]


async def test_a_result_may_come_twenty_times_at_once(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(callback="twenty_at_once"))
    await treasury.accepted(receiver.url)
    received = await receiver.wait_for(20)
    assert len({str(each.body) for each in received}) == 1
    assert len(await standins.paid()) == 1


async def test_a_result_may_be_lost(treasury: Treasury, standins: Standins, receiver: Receiver) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(callback="none"))
    await treasury.accepted(receiver.url)
    await standins.wait_for_event("result_lost")
    assert (len(await standins.paid()), receiver.received) == (1, [])


async def test_a_result_may_come_before_the_acknowledgement(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(callback="before_ack"))
    originator_id = await treasury.accepted(receiver.url)
    assert [each.body["Result"]["OriginatorConversationID"] for each in receiver.received] == [originator_id]


async def test_a_result_may_come_late(treasury: Treasury, standins: Standins, receiver: Receiver) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(delay=0, callback="late:0.1"))
    await treasury.accepted(receiver.url)
    await standins.wait_for_paid()
    assert receiver.received == []
    await receiver.wait_for(1)


async def test_another_amount_than_asked_for_is_what_really_moved(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(amount=1000))
    await treasury.accepted(receiver.url)
    [received] = await receiver.wait_for(1)
    assert told(received.body)["TransactionAmount"] == 1000
    assert [paid.shillings for paid in await standins.paid()] == [1000]


async def test_money_may_move_although_the_result_says_otherwise(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    behaviours = (PayoutBehaviour(26, moves=True), PayoutBehaviour("pay", moves=False))
    await standins.script_payout(RECIPIENT, *behaviours)
    moved = await treasury.accepted(receiver.url)
    await receiver.wait_for(1)
    await treasury.accepted(receiver.url)
    await receiver.wait_for(2)
    assert receiver.codes == [26, 0]
    assert (await standins.book()).times_paid == {moved: 1}


@pytest.mark.parametrize("callback", ["once", "none"])
async def test_a_success_may_follow_a_failure(
    treasury: Treasury, standins: Standins, receiver: Receiver, callback: str
) -> None:
    later = PayoutStep("pay", delay=0.02, callback=callback)
    await standins.script_payout(RECIPIENT, PayoutBehaviour("wallet_full", then=[later]))
    originator_id = await treasury.accepted(receiver.url)
    await standins.wait_for_paid()
    await receiver.wait_for(2 if callback == "once" else 1)
    assert receiver.codes == ([8, 0] if callback == "once" else [8])
    assert (await standins.book()).times_paid == {originator_id: 1}


async def test_a_success_repeated_or_contradicted_moves_money_once(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    steps = [PayoutStep("pay", delay=0), PayoutStep(1, delay=0)]
    await standins.script_payout(RECIPIENT, PayoutBehaviour(then=steps))
    originator_id = await treasury.accepted(receiver.url)
    first, second, _ = await receiver.wait_for(3)
    assert receiver.codes == [0, 0, 1]
    assert told(first.body) == told(second.body)
    assert (await standins.book()).times_paid == {originator_id: 1}


@pytest.mark.parametrize("form", ["request", "result"])
async def test_a_timeout_notice_comes_first_and_the_truth_after_it(
    treasury: Treasury, standins: Standins, receiver: Receiver, form: str
) -> None:
    behaviour = {"next": [{"result": "pay", "timeout_notice": form}]}
    answer = await treasury.daraja.http.post(f"{standins.url}/control/daraja/recipient/{RECIPIENT}", json=behaviour)
    assert answer.status_code == 200
    body = await treasury.b2c_body(receiver.url, QueueTimeOutURL=f"{receiver.url}/late")
    await treasury.daraja.post("b2c/v3/paymentrequest", body)
    notice, result = await receiver.wait_for(2)
    assert (notice.path, result.path) == ("/hooks/daraja/7f3a/late", "/hooks/daraja/7f3a")
    if form == "request":
        assert notice.body == body
        assert notice.body["SecurityCredential"]
    else:
        assert notice.body["Result"]["OriginatorConversationID"] == body["OriginatorConversationID"]
        assert "ResultParameters" not in notice.body["Result"]
    assert result.body["Result"]["ResultCode"] == 0

    def told_both(book: Book) -> bool:
        return [each.kind for each in book.results] == ["timeout", "payout"]

    await standins.wait_for_book(told_both)


async def test_an_unheard_result_is_recorded_and_not_sent_again(treasury: Treasury, standins: Standins) -> None:
    await treasury.accepted("http://127.0.0.1:9/nobody")
    book = await standins.wait_for_book(lambda book: bool(book.results))
    assert [(each.status, bool(each.error)) for each in book.results] == [(None, True)]


async def test_results_can_be_made_to_come_again(start: Start, caller_of: Caller, receiver: Receiver) -> None:
    options = with_daraja(callback_retries=2, callback_retry_pause_s=0.01)
    standins = await start(options)
    receiver.statuses = [503]
    await Treasury(caller_of(standins, options), standins).accepted(receiver.url)
    await receiver.wait_for(2)
    book = await standins.wait_for_book(lambda book: len(book.results) == 2)
    assert [each.status for each in book.results] == [503, 200]
