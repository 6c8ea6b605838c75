"""Anyone can post to a callback's address: whatever comes, the parser answers with a result or with NotACallback."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpesa.callbacks import NotACallback, StkResult, parse_stk, parse_stk_query
from mpesa.outcome import Succeeded
from tests.mpesa.anything import ANYTHING
from tests.mpesa.fixtures import paid

NAMES = st.sampled_from(["Amount", "MpesaReceiptNumber", "TransactionDate", "Balance"]) | ANYTHING
ITEM = st.fixed_dictionaries({"Name": NAMES}, optional={"Value": ANYTHING}) | ANYTHING
METADATA = st.fixed_dictionaries({"Item": st.lists(ITEM, max_size=5) | ITEM}) | ANYTHING
CALLBACK = st.fixed_dictionaries(
    {"CheckoutRequestID": st.just("ws_CO_1") | ANYTHING},
    optional={
        "ResultCode": st.sampled_from([0, "0", 1032, "1037"]) | ANYTHING,
        "ResultDesc": ANYTHING,
        "MerchantRequestID": ANYTHING,
        "CallbackMetadata": METADATA,
    },
)


def parsed(body: bytes) -> StkResult | None:
    try:
        return parse_stk(body)
    except NotACallback:
        return None


@given(st.binary())
def test_any_bytes_are_answered(body: bytes) -> None:
    assert parsed(body) is None


@given(ANYTHING)
def test_any_json_is_answered(value: object) -> None:
    assert parsed(json.dumps(value).encode()) is None


@given(CALLBACK)
def test_any_contents_of_a_callback_are_answered(callback: dict[str, object]) -> None:
    result = parsed(json.dumps({"Body": {"stkCallback": callback}}).encode())
    if result is None:
        return
    assert 0 < len(result.checkout_id) <= 100
    assert "\x00" not in result.checkout_id + result.merchant_request_id + result.code
    if isinstance(result.outcome, Succeeded):
        assert result.code == "0"
        assert type(result.outcome.value.amount_minor) is int
        assert 0 < result.outcome.value.amount_minor < 10**17


@given(st.integers(min_value=1, max_value=10**17 - 1))
def test_every_amount_of_cents_comes_back_as_it_was_sent(minor: int) -> None:
    result = parsed(paid(f"{minor // 100}.{minor % 100:02}"))
    assert result is not None
    assert isinstance(result.outcome, Succeeded)
    assert result.outcome.value.amount_minor == minor


@given(st.binary() | ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_any_answer_to_a_query_is_answered(body: bytes) -> None:
    with pytest.raises(NotACallback):
        parse_stk_query(body)
