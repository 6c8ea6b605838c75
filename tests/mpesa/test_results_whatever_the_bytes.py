"""Anyone can post to a result's address: whatever comes, the parsers answer with a result or with NotACallback."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpesa.callbacks import NotACallback
from mpesa.outcome import Succeeded
from mpesa.results import parse_b2c_result, parse_balance_result, parse_status_result, parse_timeout_notice
from tests.mpesa.anything import ANYTHING

KEYS = [
    "TransactionAmount",
    "TransactionReceipt",
    "ReceiverPartyPublicName",
    "TransactionCompletedDateTime",
    "B2CUtilityAccountAvailableFunds",
    "B2CRecipientIsRegisteredCustomer",
    "TransactionStatus",
    "Amount",
    "DebitPartyCharges",
    "DebitPartyName",
    "AccountBalance",
    "BOCompletedTime",
]
LIKELY = st.sampled_from([10, "10.00", -1.5, "Y", "Completed", "A|KES|1|1|1|1", "Fee|KES|1", "14.03.2026 09:15:33"])
PARAMETER = st.fixed_dictionaries({"Key": st.sampled_from(KEYS) | ANYTHING}, optional={"Value": LIKELY | ANYTHING})
PARAMETERS = st.lists(PARAMETER | ANYTHING, max_size=6) | PARAMETER | ANYTHING
RESULT = st.fixed_dictionaries(
    {"OriginatorConversationID": st.just("K7QX2MPA5ZTB3RCDW4E") | ANYTHING},
    optional={
        "ConversationID": st.just("AG_20260314_20") | ANYTHING,
        "TransactionID": st.just("UCE4TRV9K2") | ANYTHING,
        "ResultCode": st.sampled_from([0, "0", 1, "2001", 17]) | ANYTHING,
        "ResultDesc": ANYTHING,
        "ResultParameters": st.fixed_dictionaries({"ResultParameter": PARAMETERS}) | ANYTHING,
        "ReferenceData": ANYTHING,
    },
)
PARSERS: list[Callable[[bytes], object]] = [
    parse_b2c_result,
    parse_status_result,
    parse_balance_result,
    parse_timeout_notice,
]


def answered(parse: Callable[[bytes], object], body: bytes) -> object | None:
    try:
        return parse(body)
    except NotACallback:
        return None


@pytest.mark.parametrize("parse", PARSERS)
@given(body=st.binary())
def test_any_bytes_are_answered(parse: Callable[[bytes], object], body: bytes) -> None:
    answered(parse, body)


@pytest.mark.parametrize("parse", PARSERS)
@given(value=ANYTHING)
def test_any_json_is_answered(parse: Callable[[bytes], object], value: object) -> None:
    answered(parse, json.dumps(value).encode())


@given(RESULT)
def test_any_contents_of_a_result_are_answered_and_money_is_whole_cents(result: dict[str, object]) -> None:
    body = json.dumps({"Result": result}).encode()
    for parse in PARSERS:
        answered(parse, body)
    try:
        b2c, status, balance = parse_b2c_result(body), parse_status_result(body), parse_balance_result(body)
    except NotACallback:
        return
    assert b2c.originator_id or b2c.conversation_id
    assert "\x00" not in b2c.originator_id + b2c.conversation_id + b2c.transaction_id + b2c.code + b2c.message
    if isinstance(b2c.outcome, Succeeded):
        assert b2c.code == "0"
        assert type(b2c.outcome.value.amount_minor) is int
        assert b2c.outcome.value.amount_minor > 0
    if isinstance(status.outcome, Succeeded):
        assert type(status.outcome.value.amount_minor) in (int, type(None))
        assert type(status.outcome.value.fee_minor) in (int, type(None))
    if isinstance(balance.outcome, Succeeded):
        assert all(type(minor) is int for minor in balance.outcome.value.values())
