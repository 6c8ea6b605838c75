import logging

import httpx
import pytest

from tests.mpesa.daraja import (
    BALANCE,
    CONVERSATION_ID,
    CREDENTIAL,
    KEY,
    PAYMENT,
    RESULT_URL,
    SECRET,
    STATUS,
    TAKEN,
    TOKENS,
    URL_TOKEN,
    Daraja,
    error,
    granted,
    invalid_token,
)
from tests.mpesa.test_secrets import everything_logged

CANARIES = [KEY, SECRET, *TOKENS, URL_TOKEN, CREDENTIAL, "712000111"]
LOUD = f"Invalid {RESULT_URL} of 254712000111 with {CREDENTIAL} and {TOKENS[1]}"


async def test_no_log_line_and_no_outcome_holds_a_secret_or_a_number(
    daraja: Daraja, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers: list[httpx.Response | Exception] = [
        httpx.Response(200, json=TAKEN),
        httpx.Response(200, json={"ResponseCode": "1", "ResponseDescription": LOUD}),
        invalid_token(),
        httpx.Response(400, json=error("400.002.02", LOUD)),
        httpx.Response(500, json=error("500.002.1001", f"Duplicate {LOUD}")),
        httpx.ReadTimeout(LOUD),
        httpx.ConnectError(LOUD),
    ]
    daraja.token.side_effect = [granted(token) for token in (*TOKENS, TOKENS[0])]
    for route in (daraja.b2c, daraja.status, daraja.balance):
        route.side_effect = list(answers)
    payouts, outcomes = daraja.payouts, []
    for _ in range(len(answers) - 1):
        outcomes += [await payouts.b2c(PAYMENT), await payouts.account_balance(BALANCE)]
        outcomes.append(await payouts.transaction_status(STATUS))
    text = everything_logged(caplog) + repr(outcomes) + repr(payouts)
    for canary in CANARIES:
        assert canary not in text


async def test_a_payment_leaves_one_line_with_its_conversation(
    daraja: Daraja, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="mpesa")
    await daraja.payouts.b2c(PAYMENT)
    [line] = [record for record in caplog.records if "mpesa_call=b2c" in record.getMessage()]
    assert f"conversation_id={CONVERSATION_ID}" in line.getMessage()
    assert (line.__dict__["http_status"], line.__dict__["mpesa_code"]) == (200, "0")
