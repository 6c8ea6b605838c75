import json
from typing import Any

import httpx
import pytest

from mpesa.codes import Reason
from mpesa.outcome import Failed, Succeeded, Unknown
from tests.mpesa.daraja import CHECKOUT_ID, Daraja, error, invalid_token


def answered(code: object, **more: object) -> httpx.Response:
    answer: dict[str, Any] = {
        "ResponseCode": "0",
        "CheckoutRequestID": CHECKOUT_ID,
        "ResultCode": code,
        "ResultDesc": "so",
    }
    return httpx.Response(200, json=answer | more)


@pytest.mark.parametrize("code", ["0", 0])
async def test_a_paid_push_is_succeeded(daraja: Daraja, code: object) -> None:
    daraja.query.return_value = answered(code)
    assert await daraja.client.stk_query(CHECKOUT_ID) == Succeeded(None)


async def test_the_request_names_the_push_and_is_signed(daraja: Daraja) -> None:
    daraja.query.return_value = answered("0")
    await daraja.client.stk_query(CHECKOUT_ID)
    body = json.loads(daraja.sent(daraja.query).content)
    assert set(body) == {"BusinessShortCode", "Password", "Timestamp", "CheckoutRequestID"}
    assert body["CheckoutRequestID"] == CHECKOUT_ID
    assert body["Timestamp"] == "20260314091500"


@pytest.mark.parametrize(
    ("code", "reason"), [("1032", Reason.CANCELLED), ("1037", Reason.NO_ANSWER), (1, Reason.INSUFFICIENT_FUNDS)]
)
async def test_a_refused_push_is_failed_with_its_reason(daraja: Daraja, code: object, reason: Reason) -> None:
    daraja.query.return_value = answered(code)
    assert await daraja.client.stk_query(CHECKOUT_ID) == Failed(reason, str(code), "so")


@pytest.mark.parametrize(
    "answer",
    [
        answered("4999"),
        httpx.Response(500, json=error("500.001.1001", "The transaction is being processed")),
    ],
)
async def test_a_push_in_the_making_is_unknown_in_both_its_forms_and_nothing_to_warn_of(
    daraja: Daraja, answer: httpx.Response, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="mpesa")
    daraja.query.return_value = answer
    outcome = await daraja.client.stk_query(CHECKOUT_ID)
    assert isinstance(outcome, Unknown)
    assert outcome.why == "still being processed"
    assert {record.levelname for record in caplog.records} == {"INFO"}


PROVES_NOTHING = {
    "unlisted code": answered("777"),
    "another session": answered("1001"),
    "no result": httpx.Response(200, json={"ResponseCode": "0"}),
    "not taken": answered("0", ResponseCode="1"),
    "about another": answered("0", CheckoutRequestID="ws_CO_1"),
    "HTML": httpx.Response(200, html="<html></html>"),
    "empty": httpx.Response(200),
    "bad request": httpx.Response(400, json=error("400.002.02", "Bad Request - Invalid CheckoutRequestID")),
    "empty refusal": httpx.Response(400),
    "wrong merchant": httpx.Response(500, json=error("500.001.1001", "Merchant does not exist")),
    "spike arrest": httpx.Response(500, json=error("500.003.02", "System is busy")),
    "gateway": httpx.Response(502, html="<html></html>"),
    "redirect": httpx.Response(301, headers={"Location": "https://elsewhere.example/"}),
}


@pytest.mark.parametrize("answer", PROVES_NOTHING.values(), ids=PROVES_NOTHING.keys())
async def test_a_query_that_fails_proves_nothing(daraja: Daraja, answer: httpx.Response) -> None:
    daraja.query.return_value = answer
    assert isinstance(await daraja.client.stk_query(CHECKOUT_ID), Unknown)


@pytest.mark.parametrize("fault", [httpx.ConnectError, httpx.ReadTimeout, httpx.ReadError])
async def test_a_query_without_an_answer_proves_nothing(daraja: Daraja, fault: type[httpx.TransportError]) -> None:
    daraja.query.side_effect = fault("lost")
    assert isinstance(await daraja.client.stk_query(CHECKOUT_ID), Unknown)


async def test_a_refused_token_is_renewed_once(daraja: Daraja) -> None:
    daraja.query.side_effect = [invalid_token(), answered("0")]
    assert await daraja.client.stk_query(CHECKOUT_ID) == Succeeded(None)


async def test_a_token_refused_twice_proves_nothing(daraja: Daraja) -> None:
    daraja.query.side_effect = [invalid_token(), invalid_token()]
    assert await daraja.client.stk_query(CHECKOUT_ID) == Unknown("HTTP 401", "401.002.01")


async def test_a_token_that_cannot_be_had_proves_nothing(daraja: Daraja) -> None:
    daraja.token.side_effect = [httpx.Response(400)]
    outcome = await daraja.client.stk_query(CHECKOUT_ID)
    assert outcome == Unknown("could not ask: configuration")
    assert daraja.query.call_count == 0
