import base64
import json
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from mpesa.client import PushAccepted
from mpesa.codes import Reason
from mpesa.outcome import Failed, Succeeded, Unknown
from mpesa.wire import LARGEST_REPLY
from tests.mpesa.daraja import (
    ACCEPTED,
    CHECKOUT_ID,
    PASSKEY,
    PAYMENT,
    PUSH,
    SETTINGS,
    TOKENS,
    Daraja,
    daraja_at_hand,
    error,
)


async def test_an_accepted_push_gives_its_ids(daraja: Daraja) -> None:
    assert await daraja.client.stk_push(PUSH) == Succeeded(PushAccepted(CHECKOUT_ID, "20881-7741520-1"))


async def test_the_request_says_exactly_what_daraja_expects(daraja: Daraja) -> None:
    daraja.moments.append(datetime(2026, 3, 31, 22, 30, 5, tzinfo=UTC))
    await daraja.client.stk_push(PUSH)
    request = daraja.sent(daraja.push)
    assert request.headers["Authorization"] == f"Bearer {TOKENS[0]}"
    assert json.loads(request.content) == {
        "BusinessShortCode": "600100",
        "Password": base64.b64encode(f"600100{PASSKEY}20260401013005".encode()).decode(),
        "Timestamp": "20260401013005",
        "TransactionType": "CustomerPayBillOnline",
        "Amount": 750,
        "PartyA": "254712000111",
        "PartyB": "600100",
        "PhoneNumber": "254712000111",
        "CallBackURL": PUSH.callback_url,
        "AccountReference": "D1A2B3C4",
        "TransactionDesc": "Donation",
    }


async def test_a_till_is_paid_through_its_store_number() -> None:
    till = replace(SETTINGS, transaction_type="CustomerBuyGoodsOnline", party_b="5551234")
    async with daraja_at_hand(till) as daraja:
        await daraja.client.stk_push(PUSH)
        body = json.loads(daraja.sent(daraja.push).content)
    assert (body["BusinessShortCode"], body["PartyB"]) == ("600100", "5551234")
    assert body["TransactionType"] == "CustomerBuyGoodsOnline"


@pytest.mark.parametrize(
    ("status", "code", "message", "reason"),
    [
        (400, "400.002.02", "Bad Request - Invalid CallBackURL", Reason.REFUSED),
        (400, "400.999.99", "something new", Reason.REFUSED),
        (401, "401.003.01", "Invalid API call as no apiproduct match found", Reason.CONFIGURATION),
        (404, "404.001.01", "Resource not found", Reason.CONFIGURATION),
        (403, "403.777", "something new", Reason.CONFIGURATION),
        (500, "500.001.1001", "Unable to lock subscriber, a transaction is in process", Reason.PHONE_BUSY),
        (500, "500.001.1001", "Merchant does not exist", Reason.CONFIGURATION),
        (500, "500.001.1001", "Wrong credentials", Reason.CONFIGURATION),
    ],
)
async def test_a_definite_refusal_is_failed(
    daraja: Daraja, status: int, code: str, message: str, reason: Reason
) -> None:
    daraja.push.return_value = httpx.Response(status, json=error(code, message))
    outcome = await daraja.client.stk_push(PUSH)
    assert outcome == Failed(reason, code, message)
    assert not outcome.not_accepted
    assert daraja.push.call_count == 1


@pytest.mark.parametrize(
    ("status", "code"), [(500, "500.003.02"), (429, "500.003.02"), (429, "500.003.03"), (503, "00.002.1001")]
)
async def test_spike_arrest_quota_and_maintenance_may_be_tried_again_but_not_by_us(
    daraja: Daraja, status: int, code: str
) -> None:
    daraja.push.return_value = httpx.Response(status, json=error(code, "System is busy. Please try again."))
    outcome = await daraja.client.stk_push(PUSH)
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.not_accepted) == (Reason.BUSY, True)
    assert daraja.push.call_count == 1


@pytest.mark.parametrize(
    ("status", "reason"),
    [(400, Reason.REFUSED), (401, Reason.CONFIGURATION), (404, Reason.CONFIGURATION), (413, Reason.REFUSED)],
)
async def test_an_empty_refusal_is_a_refusal_all_the_same(daraja: Daraja, status: int, reason: Reason) -> None:
    daraja.push.return_value = httpx.Response(status)
    outcome = await daraja.client.stk_push(PUSH)
    assert outcome == Failed(reason, "", f"HTTP {status}")


GZIP = {"Content-Encoding": "gzip"}
HTML = "<html><body>Request unsuccessful</body></html>"
MAY_HAVE_RUNG = {
    "HTML with 200": httpx.Response(200, html=HTML),
    "nothing with 200": httpx.Response(200),
    "a list with 200": httpx.Response(200, json=[ACCEPTED]),
    "200 without an id": httpx.Response(200, json={"ResponseCode": "0"}),
    "200 without a code": httpx.Response(200, json={"CheckoutRequestID": CHECKOUT_ID}),
    "200 with an unlisted code": httpx.Response(200, json={**ACCEPTED, "ResponseCode": "777"}),
    "200 with an error": httpx.Response(200, json=error("500.002.1001", "System internal error.")),
    "no content": httpx.Response(204),
    "HTML with 502": httpx.Response(502, html=HTML),
    "nothing with 500": httpx.Response(500),
    "nothing with 503": httpx.Response(503),
    "internal error": httpx.Response(500, json=error("500.002.1001", "System internal error.")),
    "being processed": httpx.Response(500, json=error("500.001.1001", "The transaction is being processed")),
    "unlisted text": httpx.Response(500, json=error("500.001.1001", "something new")),
    "unlisted code": httpx.Response(500, json=error("500.999.99", "something new")),
    "a refusal with 500": httpx.Response(500, json=error("400.002.02", "Bad Request")),
    "a refused token with 500": httpx.Response(500, json=error("401.002.01", "Invalid Access Token")),
    "timed out there": httpx.Response(408),
    "timed out there, with a body": httpx.Response(408, json=error("500.003.02", "System is busy")),
    "too many requests, with another body": httpx.Response(429, json=error("400.002.02", "Bad Request")),
    "a redirect": httpx.Response(302, headers={"Location": "https://elsewhere.example/"}),
    "a redirect that keeps the method": httpx.Response(307, headers={"Location": "https://elsewhere.example/"}),
    "too long": httpx.Response(200, content=json.dumps(ACCEPTED).encode() + b" " * LARGEST_REPLY),
    "broken compression": httpx.Response(200, headers=GZIP, stream=httpx.ByteStream(b"no gzip")),
}


@pytest.mark.parametrize("answer", MAY_HAVE_RUNG.values(), ids=MAY_HAVE_RUNG.keys())
async def test_an_answer_that_proves_nothing_is_unknown_and_never_repeated(
    daraja: Daraja, answer: httpx.Response
) -> None:
    daraja.push.return_value = answer
    assert isinstance(await daraja.client.stk_push(PUSH), Unknown)
    assert daraja.push.call_count == 1


TOO_MANY = {"faultstring": "Spike arrest", "detail": {"errorcode": "policies.ratelimit.SpikeArrestViolation"}}
NOT_LET_IN = [
    httpx.Response(429),
    httpx.Response(429, html=HTML),
    httpx.Response(429, json=error("429.001.01", "something new")),
    httpx.Response(429, json={"fault": TOO_MANY}),
    httpx.Response(500, json={"fault": TOO_MANY}),
]


@pytest.mark.parametrize("answer", NOT_LET_IN)
async def test_what_the_gateway_did_not_let_in_was_not_accepted(daraja: Daraja, answer: httpx.Response) -> None:
    daraja.push.return_value, daraja.b2c.return_value = answer, answer
    for outcome in (await daraja.client.stk_push(PUSH), await daraja.payouts.b2c(PAYMENT)):
        assert isinstance(outcome, Failed)
        assert (outcome.reason, outcome.not_accepted, outcome.stops_sending) == (Reason.BUSY, True, False)


@pytest.mark.parametrize("code", ["1", "1032", "1037", "2001", "8006"])
async def test_what_only_the_payers_phone_could_tell_is_no_more_than_a_no_when_it_is_said_at_once(
    daraja: Daraja, code: str
) -> None:
    refused = {**ACCEPTED, "ResponseCode": code, "ResponseDescription": "Rejected"}
    daraja.push.return_value = httpx.Response(200, json=refused)
    outcome = await daraja.client.stk_push(PUSH)
    assert not isinstance(outcome, Succeeded)
    assert getattr(outcome, "reason", Reason.REFUSED) is Reason.REFUSED


async def test_a_listed_code_in_a_200_is_a_refusal(daraja: Daraja) -> None:
    refused = {"ResponseCode": "1025", "ResponseDescription": "An error occurred while sending a push request"}
    daraja.push.return_value = httpx.Response(200, json=refused)
    outcome = await daraja.client.stk_push(PUSH)
    assert outcome == Failed(Reason.NOT_DELIVERED, "1025", refused["ResponseDescription"])


@pytest.mark.parametrize("fault", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
async def test_without_a_connection_nothing_was_sent(daraja: Daraja, fault: type[httpx.TransportError]) -> None:
    daraja.push.side_effect = fault("no route")
    outcome = await daraja.client.stk_push(PUSH)
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.not_accepted) == (Reason.NOT_REACHED, True)
    assert daraja.push.call_count == 1


@pytest.mark.parametrize(
    "fault",
    [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError, OSError],
)
async def test_a_fault_after_connecting_is_unknown(daraja: Daraja, fault: type[Exception]) -> None:
    daraja.push.side_effect = fault("lost")
    assert isinstance(await daraja.client.stk_push(PUSH), Unknown)
    assert daraja.push.call_count == 1
