import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mpesa.codes import RECEIVED_BEFORE, Reason
from mpesa.outcome import Failed, Succeeded, Unknown
from mpesa.payouts import B2cAccepted, InitiatorSettings
from mpesa.wire import LARGEST_REPLY
from tests.mpesa.daraja import (
    CONVERSATION_ID,
    CREDENTIAL,
    INITIATOR,
    ORIGINATOR_ID,
    PAYMENT,
    PUSH,
    RESULT_URL,
    TAKEN,
    TIMEOUT_URL,
    TOKENS,
    Daraja,
    error,
    invalid_token,
)

V1 = replace(INITIATOR, version="v1")
BODY = {
    "OriginatorConversationID": ORIGINATOR_ID,
    "InitiatorName": "canaryinitiator",
    "SecurityCredential": CREDENTIAL,
    "CommandID": "BusinessPayment",
    "Amount": 1500,
    "PartyA": "600200",
    "PartyB": "254712000111",
    "Remarks": "Seeds for March",
    "QueueTimeOutURL": TIMEOUT_URL,
    "ResultURL": RESULT_URL,
}


async def body_sent(daraja: Daraja, initiator: InitiatorSettings = INITIATOR, occasion: str = "") -> dict[str, Any]:
    await daraja.client.payouts(initiator).b2c(replace(PAYMENT, occasion=occasion))
    body = json.loads(daraja.sent(daraja.b2c if initiator.version == "v3" else daraja.b2c_v1).content)
    assert isinstance(body, dict)
    return body


async def test_an_accepted_payment_gives_its_ids_and_is_only_queued(daraja: Daraja) -> None:
    assert await daraja.payouts.b2c(PAYMENT) == Succeeded(B2cAccepted(CONVERSATION_ID, ORIGINATOR_ID))
    assert daraja.b2c.call_count == 1


async def test_the_request_says_exactly_what_daraja_expects(daraja: Daraja) -> None:
    assert await body_sent(daraja) == BODY
    assert daraja.sent(daraja.b2c).headers["Authorization"] == f"Bearer {TOKENS[0]}"


async def test_an_occasion_is_spelt_as_daraja_spells_it(daraja: Daraja) -> None:
    assert await body_sent(daraja, occasion="Easter") == {**BODY, "Occassion": "Easter"}


async def test_the_command_is_the_settings(daraja: Daraja) -> None:
    assert (await body_sent(daraja, replace(INITIATOR, command="SalaryPayment")))["CommandID"] == "SalaryPayment"


async def test_the_older_version_is_sent_no_id_of_ours(daraja: Daraja) -> None:
    expected = {key: value for key, value in BODY.items() if key != "OriginatorConversationID"}
    assert await body_sent(daraja, V1) == expected
    assert daraja.b2c.call_count == 0


async def test_of_the_older_version_the_id_is_the_one_m_pesa_made(daraja: Daraja) -> None:
    daraja.b2c_v1.return_value = httpx.Response(200, json={**TAKEN, "OriginatorConversationID": "10571-7910404-1"})
    accepted = await daraja.client.payouts(V1).b2c(PAYMENT)
    assert accepted == Succeeded(B2cAccepted(CONVERSATION_ID, "10571-7910404-1"))


async def test_an_id_that_is_not_echoed_is_ours_only_if_we_sent_it(daraja: Daraja) -> None:
    answer = httpx.Response(200, json={key: value for key, value in TAKEN.items() if not key.startswith("Originator")})
    daraja.b2c.return_value = daraja.b2c_v1.return_value = answer
    assert await daraja.payouts.b2c(PAYMENT) == Succeeded(B2cAccepted(CONVERSATION_ID, ORIGINATOR_ID))
    assert await daraja.client.payouts(V1).b2c(PAYMENT) == Succeeded(B2cAccepted(CONVERSATION_ID, ""))


async def test_payments_and_pushes_share_one_token(daraja: Daraja) -> None:
    await asyncio.gather(
        daraja.client.stk_push(PUSH), daraja.payouts.b2c(PAYMENT), daraja.client.payouts(V1).b2c(PAYMENT)
    )
    assert daraja.token.call_count == 1


async def test_a_token_renewed_for_a_payment_serves_the_next_push(daraja: Daraja) -> None:
    daraja.b2c.side_effect = [invalid_token(), httpx.Response(200, json=TAKEN)]
    assert isinstance(await daraja.payouts.b2c(PAYMENT), Succeeded)
    await daraja.client.stk_push(PUSH)
    assert daraja.sent(daraja.push).headers["Authorization"] == f"Bearer {TOKENS[1]}"
    assert daraja.token.call_count == 2


async def test_a_payment_is_repeated_only_after_a_refused_token_and_with_the_same_id(daraja: Daraja) -> None:
    daraja.b2c.side_effect = [invalid_token(), invalid_token(), AssertionError("sent a third time")]
    outcome = await daraja.payouts.b2c(PAYMENT)
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.code, outcome.stops_sending) == (Reason.CONFIGURATION, "401.002.01", True)
    assert [json.loads(call.request.content)["OriginatorConversationID"] for call in daraja.b2c.calls] == [
        ORIGINATOR_ID,
        ORIGINATOR_ID,
    ]


async def test_a_missing_product_is_not_cured_by_a_new_token(daraja: Daraja) -> None:
    message = "Invalid API call as no apiproduct match found"
    daraja.b2c.side_effect = [httpx.Response(401, json=error("401.003.01", message))]
    outcome = await daraja.payouts.b2c(PAYMENT)
    assert outcome == Failed(Reason.CONFIGURATION, "401.003.01", message)
    assert outcome.stops_sending


@pytest.mark.parametrize(
    ("status", "code", "message", "reason"),
    [
        (400, "400.002.02", "Bad Request - Invalid PartyB", Reason.REFUSED),
        (400, "400.002.05", "Invalid Request Payload", Reason.REFUSED),
        (400, "400.999.99", "something new", Reason.REFUSED),
        (403, "403.002.1001", "not authorised", Reason.CONFIGURATION),
        (404, "404.001.01", "Resource not found", Reason.CONFIGURATION),
        (404, "404.999.99", "something new", Reason.CONFIGURATION),
        (405, "405.001", "Method Not Allowed", Reason.CONFIGURATION),
        (400, "2001", "The initiator information is invalid.", Reason.INITIATOR_REFUSED),
    ],
)
async def test_a_definite_refusal_is_failed(
    daraja: Daraja, status: int, code: str, message: str, reason: Reason
) -> None:
    daraja.b2c.return_value = httpx.Response(status, json=error(code, message))
    outcome = await daraja.payouts.b2c(PAYMENT)
    assert outcome == Failed(reason, code, message)
    assert not outcome.not_accepted
    assert outcome.stops_sending == (reason is not Reason.REFUSED)
    assert daraja.b2c.call_count == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (500, "500.003.02"),
        (429, "500.003.02"),
        (500, "500.003.03"),
        (503, "00.002.1001"),
        (500, "100000001"),
        (429, "100000002"),
        (503, "100000011"),
    ],
)
async def test_overload_and_maintenance_may_be_tried_again_but_not_by_us(
    daraja: Daraja, status: int, code: str
) -> None:
    daraja.b2c.return_value = httpx.Response(status, json=error(code, "System is busy. Please try again."))
    outcome = await daraja.payouts.b2c(PAYMENT)
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.not_accepted, outcome.stops_sending) == (Reason.BUSY, True, False)
    assert daraja.b2c.call_count == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [("1", Reason.REFUSED), ("2001", Reason.INITIATOR_REFUSED), ("100000011", Reason.BUSY)],
)
async def test_a_listed_code_in_a_200_is_a_refusal(daraja: Daraja, code: str, reason: Reason) -> None:
    daraja.b2c.return_value = httpx.Response(200, json={"ResponseCode": code, "ResponseDescription": "refused"})
    assert await daraja.payouts.b2c(PAYMENT) == Failed(reason, code, "refused")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500, json=error("500.002.1001", "Duplicate OriginatorConversationID.")),
        httpx.Response(400, json=error("400.002.02", "Bad Request - duplicate OriginatorConversationID")),
        httpx.Response(409, json=error("409.001", "Duplicate Detected")),
        httpx.Response(200, json={"ResponseCode": "15", "ResponseDescription": "Detected"}),
        httpx.Response(200, json={"ResponseCode": "777", "ResponseDescription": "Duplicate Detected"}),
    ],
)
async def test_a_duplicate_is_unknown_and_says_that_an_earlier_attempt_arrived(
    daraja: Daraja, answer: httpx.Response
) -> None:
    daraja.b2c.return_value = answer
    outcome = await daraja.payouts.b2c(PAYMENT)
    assert isinstance(outcome, Unknown)
    assert outcome.why == RECEIVED_BEFORE
    assert outcome.code
    assert daraja.b2c.call_count == 1


HTML = "<html><body>Request unsuccessful</body></html>"
MAY_BE_PAID = {
    "HTML with 200": httpx.Response(200, html=HTML),
    "nothing with 200": httpx.Response(200),
    "a list with 200": httpx.Response(200, json=[TAKEN]),
    "200 without a ConversationID": httpx.Response(200, json={"ResponseCode": "0"}),
    "200 without a code": httpx.Response(200, json={"ConversationID": CONVERSATION_ID}),
    "200 with an unlisted code": httpx.Response(200, json={**TAKEN, "ResponseCode": "777"}),
    "200 with a doubtful code": httpx.Response(200, json={**TAKEN, "ResponseCode": "100000000"}),
    "200 with an error": httpx.Response(200, json=error("400.002.02", "Bad Request")),
    "created": httpx.Response(201, json=TAKEN),
    "no content": httpx.Response(204),
    "HTML with 502": httpx.Response(502, html=HTML),
    "HTML with 403": httpx.Response(403, html=HTML),
    "nothing with 400": httpx.Response(400),
    "nothing with 401": httpx.Response(401),
    "nothing with 500": httpx.Response(500),
    "nothing with 504": httpx.Response(504),
    "internal error": httpx.Response(500, json=error("500.002.1001", "System internal error.")),
    "being processed": httpx.Response(500, json=error("500.001.1001", "The transaction is being processed")),
    "a push's refusal": httpx.Response(500, json=error("500.001.1001", "Merchant does not exist")),
    "a registration's refusal": httpx.Response(500, json=error("500.003.1001", "Urls are already registered")),
    "unlisted code": httpx.Response(500, json=error("500.999.99", "something new")),
    "an unlisted code of the server's with 400": httpx.Response(400, json=error("500.999.99", "something new")),
    "a refusal with 500": httpx.Response(500, json=error("400.002.02", "Bad Request")),
    "a result's refusal with 500": httpx.Response(500, json=error("1", "The balance is insufficient")),
    "a refused token with 500": httpx.Response(500, json=error("401.002.01", "Invalid Access Token")),
    "timed out there": httpx.Response(408, json=error("500.003.02", "System is busy")),
    "conflict": httpx.Response(409, json=error("409.001", "Conflict")),
    "too many requests, with another body": httpx.Response(429, json=error("400.002.02", "Bad Request")),
    "a redirect": httpx.Response(302, headers={"Location": "https://elsewhere.example/"}),
    "a redirect with a busy body": httpx.Response(302, json=error("500.003.02", "System is busy")),
    "too long": httpx.Response(200, content=json.dumps(TAKEN).encode() + b" " * LARGEST_REPLY),
}


@pytest.mark.parametrize("answer", MAY_BE_PAID.values(), ids=MAY_BE_PAID.keys())
async def test_an_answer_that_proves_nothing_is_unknown_and_never_repeated(
    daraja: Daraja, answer: httpx.Response
) -> None:
    daraja.b2c.return_value = answer
    outcome = await daraja.payouts.b2c(PAYMENT)
    assert isinstance(outcome, Unknown)
    assert outcome.why != RECEIVED_BEFORE
    assert daraja.b2c.call_count == 1


@pytest.mark.parametrize("fault", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
async def test_without_a_connection_nothing_was_sent(daraja: Daraja, fault: type[httpx.TransportError]) -> None:
    daraja.b2c.side_effect = fault("no route")
    outcome = await daraja.payouts.b2c(PAYMENT)
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.not_accepted) == (Reason.NOT_REACHED, True)
    assert daraja.b2c.call_count == 1


@pytest.mark.parametrize(
    "fault",
    [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError, OSError],
)
async def test_a_fault_after_connecting_is_unknown(daraja: Daraja, fault: type[Exception]) -> None:
    daraja.b2c.side_effect = fault("lost")
    assert isinstance(await daraja.payouts.b2c(PAYMENT), Unknown)
    assert daraja.b2c.call_count == 1


async def test_without_a_token_nothing_was_sent(daraja: Daraja) -> None:
    daraja.token.side_effect = [httpx.ConnectError("no route"), httpx.Response(503)]
    for _ in range(2):
        outcome = await daraja.payouts.b2c(PAYMENT)
        assert isinstance(outcome, Failed)
        assert outcome.not_accepted
    assert daraja.b2c.call_count == 0


async def test_refused_credentials_of_the_app_stop_all_sending(daraja: Daraja) -> None:
    daraja.token.side_effect = [httpx.Response(400)]
    outcome = await daraja.payouts.b2c(PAYMENT)
    assert isinstance(outcome, Failed)
    assert (outcome.not_accepted, outcome.stops_sending) == (False, True)
    assert daraja.b2c.call_count == 0


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Term 1 & 2 – №5 @ 50%", "Term 1 and 2 - No5 at 50 percent"),
        ('Fees & books #1 @school 💧 "x" <b>', "Fees and books 1 at school x b"),
        ("Chakula cha wĩra, Mũthoni's", "Chakula cha wira, Muthonis"),
        ("💧💧", "Payout"),
        ("محمد", "Payout"),
        ("x" * 100, "x" * 100),
    ],
)
async def test_remarks_go_to_mpesa_in_plain_letters(daraja: Daraja, written: str, sent: str) -> None:
    await daraja.payouts.b2c(replace(PAYMENT, remarks=written, occasion=written))
    body = json.loads(daraja.sent(daraja.b2c).content)
    assert body["Remarks"] == sent
    assert body.get("Occassion", "Payout") == sent
