import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpesa.callbacks import NotJson
from mpesa.results import parse_b2c_result, without_secrets
from tests.mpesa.daraja import CREDENTIAL, RESULT_URL, TIMEOUT_URL, URL_TOKEN
from tests.mpesa.fixtures import body

REAL_LOOKING = base64.b64encode(bytes(range(256))).decode()
REQUEST = {
    "OriginatorConversationID": "K7QX2MPA5ZTB3RCDW4E",
    "InitiatorName": "canaryinitiator",
    "SecurityCredential": CREDENTIAL,
    "Amount": 1500,
    "QueueTimeOutURL": TIMEOUT_URL,
    "ResultURL": RESULT_URL,
}
KEPT = b'{"OriginatorConversationID":"K7QX2MPA5ZTB3RCDW4E","InitiatorName":"canaryinitiator","Amount":1500}'


def cleaned(value: object) -> bytes:
    return without_secrets(json.dumps(value).encode())


def test_a_request_sent_back_loses_its_credential_and_the_tokens_in_its_urls() -> None:
    assert cleaned(REQUEST) == KEPT


def test_at_any_depth() -> None:
    assert cleaned({"a": [{"Request": REQUEST}]}) == b'{"a":[{"Request":' + KEPT + b"}]}"


@pytest.mark.parametrize(
    "key",
    [
        "SecurityCredential",
        "securitycredential",
        "Security Credential",
        "security_credential",
        "Password",
        "InitiatorPassword",
        "initiator password",
        "initiator_password",
        "PassKey",
    ],
)
def test_however_the_key_is_spelt(key: str) -> None:
    assert cleaned({key: CREDENTIAL, "kept": 1}) == b'{"kept":1}'
    assert cleaned({key: {"inner": CREDENTIAL}, "kept": 1}) == b'{"kept":1}'
    assert CREDENTIAL.encode() not in cleaned({"Item": [{"Key": key, "Value": CREDENTIAL}]})
    assert CREDENTIAL.encode() not in cleaned({"Item": [{"Value": CREDENTIAL, "Name": key}]})


def test_a_credential_under_any_name_is_blotted_out() -> None:
    assert cleaned({"whatever": f"is {REAL_LOOKING} it"}) == '{"whatever":"is … it"}'.encode()
    inside = json.dumps({"SecurityCredential": REAL_LOOKING}).replace("/", "\\/")
    assert REAL_LOOKING[:40].encode() not in cleaned({"request": inside})


def test_words_about_a_password_are_no_password() -> None:
    assert cleaned({"ResultDesc": "The initiator password is locked"}) == (
        b'{"ResultDesc":"The initiator password is locked"}'
    )


def test_numbers_stay_as_they_were_written() -> None:
    text = b'{"a":1.00,"b":1.0E7,"c":123456789012345678901234567890,"d":-0.0,"e":1e400}'
    assert without_secrets(text) == text


@pytest.mark.parametrize("name", ["b2c_paid", "b2c_paid_strings_any_order", "b2c_refused"])
def test_a_result_says_the_same_afterwards(name: str) -> None:
    assert parse_b2c_result(without_secrets(body(name))) == parse_b2c_result(body(name))


@pytest.mark.parametrize("strange", [b"[" * 40_000 + b"]" * 40_000, b'{"a":' * 700 + b"1" + b"}" * 700, b"9" * 60_000])
def test_json_too_strange_to_look_into_is_answered_and_holds_no_secret(strange: bytes) -> None:
    assert json.loads(without_secrets(strange)) is not None
    deep = b'{"a":' * 700 + json.dumps({"Password": CREDENTIAL}).encode() + b"}" * 700
    assert CREDENTIAL.encode() not in without_secrets(deep)


@pytest.mark.parametrize("bad", [b"", b"<html></html>", b"{", b"\xff", b"{} {}"])
def test_what_is_not_json_says_so(bad: bytes) -> None:
    with pytest.raises(NotJson):
        without_secrets(bad)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
WHERE = st.lists(st.sampled_from(["list", "Result", "Value", "Key"]), max_size=6)


@given(JSON)
def test_any_json_without_secrets_stays_what_it_was(value: object) -> None:
    assert json.loads(cleaned(value)) == value


@given(JSON, WHERE)
def test_a_secret_is_found_wherever_it_is_put(beside: object, where: list[str]) -> None:
    value: object = {"beside": beside, "SecurityCredential": CREDENTIAL, "ResultURL": RESULT_URL}
    for step in where:
        value = [value] if step == "list" else {step: value}
    assert CREDENTIAL.encode() not in cleaned(value)
    assert URL_TOKEN.encode() not in cleaned(value)


@given(st.binary())
def test_any_bytes_are_cleaned_or_not_json(body: bytes) -> None:
    try:
        json.loads(without_secrets(body))
    except NotJson:
        return
