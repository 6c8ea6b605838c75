"""Transaction Status: by receipt and by conversation, and how it may hide or twist the truth."""

from typing import Any

import httpx
import pytest

from standins.driver import Standins
from standins.shapes import Behaviour, PayoutBehaviour, PayoutStep
from tests.standins.daraja_caller import PHONE, DarajaCaller
from tests.standins.receiver import Receiver
from tests.standins.shapes_recorded import STATUS_FAILED, STATUS_OF_PAYOUT, STATUS_OF_PUSH, shape
from tests.standins.treasury import RECIPIENT, Treasury, told


@pytest.fixture
async def answers() -> Any:
    async with Receiver() as receiver:
        yield receiver


@pytest.mark.parametrize("by", ["OriginalConversationID", "TransactionID"])
async def test_a_paid_payout_is_completed(
    treasury: Treasury, standins: Standins, receiver: Receiver, answers: Receiver, by: str
) -> None:
    originator_id = await treasury.accepted(receiver.url)
    await receiver.wait_for(1)
    [paid] = await standins.paid()
    known = {"OriginalConversationID": originator_id, "TransactionID": paid.receipt}
    acknowledged = (await treasury.status(answers.url, **{by: known[by]})).json()
    [answer] = await answers.wait_for(1)
    assert shape(answer.body) == shape(STATUS_OF_PAYOUT)
    result, parameters = answer.body["Result"], told(answer.body)
    assert result["ConversationID"] == acknowledged["ConversationID"] != paid.conversation_id
    assert result["OriginatorConversationID"] == acknowledged["OriginatorConversationID"] != originator_id
    assert result["TransactionID"].endswith("0000000")
    assert (parameters["TransactionStatus"], parameters["Amount"]) == ("Completed", 1500)
    assert (parameters["ReceiptNo"], parameters["OriginatorConversationID"]) == (paid.receipt, originator_id)
    assert parameters["ConversationID"] == paid.conversation_id
    assert parameters["DebitPartyCharges"] == "Fee For B2C Payment|KES|5.00"
    assert parameters["CreditPartyName"].startswith(f"{RECIPIENT} - ")
    [question] = (await standins.book()).status_questions
    assert (getattr(question, QUESTION[by]), question.result, question.told) == (known[by], 0, "Completed")


QUESTION = {"OriginalConversationID": "original_conversation_id", "TransactionID": "transaction_id"}


async def test_a_push_is_known_by_its_receipt(
    treasury: Treasury, daraja: DarajaCaller, standins: Standins, receiver: Receiver, answers: Receiver
) -> None:
    await standins.script(PHONE, Behaviour(do="pay"))
    await daraja.pushed(receiver.url)
    await receiver.wait_for(1)
    [moved] = await standins.moved()
    await treasury.status(answers.url, TransactionID=moved.receipt, Occasion="OK")
    [answer] = await answers.wait_for(1)
    assert shape(answer.body) == shape(STATUS_OF_PUSH)
    parameters = told(answer.body)
    assert parameters["DebitPartyName"].startswith(f"{PHONE} - AMINA ")
    assert parameters["CreditPartyName"] == "174379 - TrustVoice"
    assert (parameters["TransactionStatus"], parameters["Amount"]) == ("Completed", 500)
    assert parameters["ReceiptNo"] == moved.receipt


@pytest.mark.parametrize("word", ["Declined", "Cancelled", "Expired"])
async def test_money_that_did_not_go_is_told_in_the_word_chosen(
    treasury: Treasury, standins: Standins, receiver: Receiver, answers: Receiver, word: str
) -> None:
    url = f"{standins.url}/control/daraja/recipient/{RECIPIENT}"
    await treasury.daraja.http.post(url, json={"next": [{"result": "wallet_full", "ends_as": word}]})
    originator_id = await treasury.accepted(receiver.url)
    await receiver.wait_for(1)
    await treasury.status(answers.url, OriginalConversationID=originator_id)
    [answer] = await answers.wait_for(1)
    assert told(answer.body)["TransactionStatus"] == word
    assert told(answer.body)["Amount"] == 1500


async def test_a_payout_still_under_way_is_authorized(
    treasury: Treasury, standins: Standins, answers: Receiver
) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(delay=30))
    originator_id = await treasury.accepted()
    await treasury.status(answers.url, OriginalConversationID=originator_id)
    [answer] = await answers.wait_for(1)
    assert told(answer.body)["TransactionStatus"] == "Authorized"
    assert told(answer.body)["FinalisedTime"] is None


async def test_the_status_follows_the_money_and_not_what_a_result_said(
    treasury: Treasury, standins: Standins, receiver: Receiver, answers: Receiver
) -> None:
    behaviours = (
        PayoutBehaviour(17, moves=True),
        PayoutBehaviour("pay", moves=False),
        PayoutBehaviour("wallet_full", then=[PayoutStep("pay", delay=0, callback="none")]),
    )
    await standins.script_payout(RECIPIENT, *behaviours)
    for place in (1, 2, 3):
        originator_id = await treasury.accepted(receiver.url)
        await receiver.wait_for(place)
        if place == 3:
            await standins.wait_for_paid(times=2)
        await treasury.status(answers.url, OriginalConversationID=originator_id)
        await answers.wait_for(place)
    statuses = [told(each.body)["TransactionStatus"] for each in answers.received]
    assert statuses == ["Completed", "Declined", "Completed"]


@pytest.mark.parametrize("known", [{"TransactionID": "UKM0000001"}, {"OriginalConversationID": "TVAAAAAAAAAAAAAAAA2"}])
async def test_what_it_does_not_know_does_not_exist(
    treasury: Treasury, standins: Standins, answers: Receiver, known: dict[str, str]
) -> None:
    await treasury.status(answers.url, Occasion="xf", **known)
    [answer] = await answers.wait_for(1)
    assert answers.codes == [2032]
    assert shape(answer.body) == shape(STATUS_FAILED)
    assert [question.result for question in (await standins.book()).status_questions] == [2032]


@pytest.mark.parametrize(
    ("style", "codes"),
    [
        ("not_found", [2032, 2032]),
        ("not_found:1", [2032, 0]),
        ("never:1", [0]),
        ("fault:25", [25, 25]),
        ("fault:SFC_IC0003", ["SFC_IC0003", "SFC_IC0003"]),
        ("normal", [0, 0]),
    ],
)
async def test_an_answer_may_hide_the_truth(
    treasury: Treasury, standins: Standins, receiver: Receiver, answers: Receiver, style: str, codes: list[object]
) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(status=style))
    originator_id = await treasury.accepted(receiver.url)
    await receiver.wait_for(1)
    for _ in range(2):
        await treasury.status(answers.url, OriginalConversationID=originator_id)
    await answers.wait_for(len(codes))
    assert sorted(map(str, answers.codes)) == sorted(map(str, codes))


async def test_a_question_may_never_be_answered(
    treasury: Treasury, standins: Standins, receiver: Receiver, answers: Receiver
) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(status="never"))
    originator_id = await treasury.accepted(receiver.url)
    assert (await treasury.status(answers.url, OriginalConversationID=originator_id)).json()["ResponseCode"] == "0"
    await treasury.balance(answers.url)
    await answers.wait_for(1)
    [question] = (await standins.book()).status_questions
    assert (question.result, question.told, len(answers.received)) == (None, None, 1)


async def test_the_reply_to_a_question_may_be_lost(
    treasury: Treasury, standins: Standins, receiver: Receiver, answers: Receiver
) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(status="lost"))
    originator_id = await treasury.accepted(receiver.url)
    with pytest.raises(httpx.TransportError):
        await treasury.status(answers.url, OriginalConversationID=originator_id)
    await answers.wait_for(1)
    assert answers.codes == [0]


async def test_a_foreign_shortcode_may_not_ask(treasury: Treasury, answers: Receiver) -> None:
    await treasury.status(answers.url, TransactionID="UKM0000001", PartyA="600999")
    await answers.wait_for(1)
    assert answers.codes == [21]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "TransactionID"),
        ({"TransactionID": "short"}, "TransactionID"),
        ({"OriginalConversationID": "a b"}, "OriginalConversationID"),
        ({"TransactionID": "UKM0000001", "Initiator": None}, "Initiator"),
        ({"TransactionID": "UKM0000001", "Initiator": None, "InitiatorName": "testapi"}, "Initiator"),
        ({"TransactionID": "UKM0000001", "SecurityCredential": ""}, "SecurityCredential"),
        ({"TransactionID": "UKM0000001", "CommandID": "AccountBalance"}, "CommandID"),
        ({"TransactionID": "UKM0000001", "IdentifierType": "7"}, "IdentifierType"),
        ({"TransactionID": "UKM0000001", "PartyA": "TILL"}, "PartyA"),
        ({"TransactionID": "UKM0000001", "Remarks": None}, "Remarks"),
        ({"TransactionID": "UKM0000001", "Occassion": "xf"}, "Occasion"),
        ({"TransactionID": "UKM0000001", "ResultURL": "https://example.org/sql"}, "ResultURL"),
        ({"TransactionID": "UKM0000001", "QueueTimeOutURL": None}, "QueueTimeOutURL"),
    ],
)
async def test_a_bad_field_of_a_question_is_named(
    treasury: Treasury, standins: Standins, changes: dict[str, object], field: str
) -> None:
    answer = await treasury.status(**changes)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "400.002.02")
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"
    assert (await standins.book()).status_questions == []
