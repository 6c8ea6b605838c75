import json
from dataclasses import replace

import httpx
import pytest

from mpesa.codes import Reason
from mpesa.outcome import Failed, Succeeded, Unknown
from tests.mpesa.daraja import (
    BALANCE,
    CONVERSATION_ID,
    CREDENTIAL,
    ORIGINATOR_ID,
    PUSH,
    RESULT_URL,
    STATUS,
    TAKEN,
    TIMEOUT_URL,
    Daraja,
    error,
    invalid_token,
)

SIGNED = {
    "Initiator": "canaryinitiator",
    "SecurityCredential": CREDENTIAL,
    "PartyA": "600200",
    "IdentifierType": "4",
    "QueueTimeOutURL": TIMEOUT_URL,
    "ResultURL": RESULT_URL,
}


async def test_a_status_question_by_originators_id_says_exactly_what_daraja_expects(daraja: Daraja) -> None:
    assert await daraja.payouts.transaction_status(STATUS) == Succeeded(CONVERSATION_ID)
    assert json.loads(daraja.sent(daraja.status).content) == {
        **SIGNED,
        "CommandID": "TransactionStatusQuery",
        "OriginalConversationID": ORIGINATOR_ID,
        "Remarks": "Status",
    }


async def test_a_status_question_by_receipt_names_the_receipt_only(daraja: Daraja) -> None:
    question = replace(STATUS, originator_id=None, receipt="UCE4TRV9K2", remarks="Claim")
    assert await daraja.payouts.transaction_status(question) == Succeeded(CONVERSATION_ID)
    body = json.loads(daraja.sent(daraja.status).content)
    assert (body["TransactionID"], body["Remarks"]) == ("UCE4TRV9K2", "Claim")
    assert "OriginalConversationID" not in body


async def test_a_balance_question_says_exactly_what_daraja_expects(daraja: Daraja) -> None:
    assert await daraja.payouts.account_balance(BALANCE) == Succeeded(CONVERSATION_ID)
    body = json.loads(daraja.sent(daraja.balance).content)
    assert body == {**SIGNED, "CommandID": "AccountBalance", "Remarks": "Balance"}


async def test_questions_and_pushes_share_one_token(daraja: Daraja) -> None:
    await daraja.client.stk_push(PUSH)
    await daraja.payouts.transaction_status(STATUS)
    await daraja.payouts.account_balance(BALANCE)
    assert daraja.token.call_count == 1


async def test_a_refused_token_is_renewed_once(daraja: Daraja) -> None:
    daraja.status.side_effect = [invalid_token(), httpx.Response(200, json=TAKEN)]
    assert await daraja.payouts.transaction_status(STATUS) == Succeeded(CONVERSATION_ID)


@pytest.mark.parametrize(
    ("answer", "reason", "stops"),
    [
        (httpx.Response(400, json=error("400.002.02", "Bad Request - Invalid TransactionID")), Reason.REFUSED, False),
        (httpx.Response(403, json=error("403.002.1001")), Reason.CONFIGURATION, True),
        (httpx.Response(500, json=error("500.003.02", "System is busy")), Reason.BUSY, False),
        (httpx.Response(200, json={"ResponseCode": "8006"}), Reason.INITIATOR_LOCKED, True),
        (httpx.Response(200, json={"ResponseCode": "21"}), Reason.INITIATOR_WITHOUT_ROLE, True),
        (httpx.ConnectError("no route"), Reason.NOT_REACHED, False),
    ],
)
async def test_a_question_that_was_not_taken_is_failed(
    daraja: Daraja, answer: httpx.Response | Exception, reason: Reason, stops: bool
) -> None:
    daraja.status.side_effect = [answer]
    outcome = await daraja.payouts.transaction_status(STATUS)
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.stops_sending) == (reason, stops)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<html></html>"),
        httpx.Response(200, json={"ResponseCode": "0"}),
        httpx.Response(200, json={"ResponseCode": "1", "ResponseDescription": "no"}),
        httpx.Response(200, json={"ResponseCode": "25", "ResponseDescription": "no"}),
        httpx.Response(500, json=error("500.002.1001", "System internal error.")),
        httpx.Response(502),
        httpx.ReadTimeout("lost"),
    ],
)
async def test_a_question_that_may_have_been_taken_is_unknown(
    daraja: Daraja, answer: httpx.Response | Exception
) -> None:
    daraja.balance.side_effect, daraja.status.side_effect = [answer], [answer]
    assert isinstance(await daraja.payouts.account_balance(BALANCE), Unknown)
    assert isinstance(await daraja.payouts.transaction_status(STATUS), Unknown)
