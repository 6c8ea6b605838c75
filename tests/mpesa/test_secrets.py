import base64
import logging

import httpx
import pytest

from mpesa.client import DarajaSettings
from tests.mpesa.daraja import (
    CHECKOUT_ID,
    KEY,
    PASSKEY,
    PUSH,
    SECRET,
    SETTINGS,
    TOKENS,
    URL_TOKEN,
    Daraja,
    error,
    invalid_token,
)

PASSWORD_STARTS = base64.b64encode(f"600100{PASSKEY}".encode()).decode()[:20]
BASIC = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
CANARIES = [KEY, SECRET, PASSKEY, *TOKENS, URL_TOKEN, PASSWORD_STARTS, BASIC, "712000111", CHECKOUT_ID]


def everything_logged(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(f"{record.name} {record.getMessage()} {record.__dict__}" for record in caplog.records)


async def test_no_log_line_holds_a_secret_or_a_number(daraja: Daraja, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    loud = f"Bad Request - Invalid CallBackURL {PUSH.callback_url} of 254712000111 {TOKENS[1]} {BASIC}"
    daraja.push.side_effect = [
        httpx.Response(200, json={"ResponseCode": "0", "CheckoutRequestID": CHECKOUT_ID}),
        invalid_token(),
        httpx.Response(400, json=error("400.002.02", loud)),
        httpx.ReadTimeout(loud),
        httpx.ConnectError(loud),
    ]
    daraja.query.return_value = httpx.Response(200, json={"ResponseCode": "0", "CheckoutRequestID": CHECKOUT_ID})
    outcomes = [await daraja.client.stk_push(PUSH) for _ in range(4)]
    outcomes_of_query = await daraja.client.stk_query(CHECKOUT_ID)
    text = everything_logged(caplog)
    for canary in CANARIES:
        assert canary not in text
        assert canary not in repr(outcomes[1:]) + repr(outcomes_of_query)


async def test_every_call_leaves_one_line_with_status_duration_and_code(
    daraja: Daraja, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="mpesa")
    daraja.push.return_value = httpx.Response(500, json=error("500.003.02", "System is busy"))
    await daraja.client.stk_push(PUSH)
    token, push = [record for record in caplog.records if record.name == "mpesa"]
    assert token.getMessage().startswith("M-Pesa ")
    assert "mpesa_call=token" in token.getMessage()
    assert push.getMessage().startswith("M-Pesa ")
    assert push.levelno == logging.WARNING
    facts = push.__dict__
    assert (facts["mpesa_call"], facts["http_status"], facts["mpesa_code"]) == ("stk_push", 500, "500.003.02")
    assert isinstance(facts["duration_ms"], int)


async def test_an_accepted_push_is_logged_with_its_masked_id(daraja: Daraja, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="mpesa")
    await daraja.client.stk_push(PUSH)
    assert "checkout_id=ws_CO_140320260…" in caplog.records[-1].getMessage()


def test_settings_do_not_print_their_secrets() -> None:
    for secret in (KEY, SECRET, PASSKEY):
        assert secret not in repr(SETTINGS)


@pytest.mark.parametrize("url", ["", "daraja.example", "ftp://daraja.example"])
def test_a_base_url_is_an_address(url: str) -> None:
    with pytest.raises(ValueError, match="base URL"):
        DarajaSettings(url, KEY, SECRET, "600100", PASSKEY)
