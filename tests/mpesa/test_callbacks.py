import json
from datetime import UTC, datetime

import pytest

from mpesa.callbacks import NotACallback, NotJson, Payment, parse_stk, parse_stk_query
from mpesa.codes import Reason
from mpesa.outcome import Failed, Succeeded, Unknown
from tests.mpesa.fixtures import body, callback, paid

PAID_AT = datetime(2026, 3, 14, 6, 15, 33, tzinfo=UTC)
WHOLE = Succeeded(Payment(75_000, "UCE4TRV9K2", PAID_AT))


@pytest.mark.parametrize("name", ["callback_paid", "callback_paid_strings_any_order"])
def test_a_payment_is_read_whatever_the_order_and_the_types(name: str) -> None:
    result = parse_stk(body(name))
    assert result.outcome == WHOLE
    assert result.checkout_id == "ws_CO_14032026091512345712000111"
    assert result.merchant_request_id == "7c1e-4a02-9d55-0b6f3e8a21c4771903"
    assert result.code == "0"


def test_a_single_item_instead_of_a_list_is_read() -> None:
    assert parse_stk(body("callback_paid_single_item")).outcome == Succeeded(Payment(75_000, None, None))


def test_success_without_an_amount_is_unknown() -> None:
    assert parse_stk(body("callback_paid_no_metadata")).outcome == Unknown("succeeded without an amount", "0")


def test_a_cancelled_prompt_is_a_failure_with_its_reason() -> None:
    outcome = parse_stk(body("callback_cancelled")).outcome
    assert outcome == Failed(Reason.CANCELLED, "1032", "[STK_CB - ]Request cancelled by user")


def test_an_unreachable_phone_is_unknown_in_a_callback() -> None:
    assert isinstance(parse_stk(body("callback_unreachable")).outcome, Unknown)


def test_an_unreachable_phone_is_a_failure_in_the_answer_to_a_query() -> None:
    answer = body("query_cancelled").replace(b"1032", b"1037")
    assert parse_stk_query(answer).outcome == Failed(Reason.NO_ANSWER, "1037", "Request cancelled by user")


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1", 100),
        ("1.0", 100),
        ("1.00", 100),
        ("0.1", 10),
        ("0.01", 1),
        ("10.05", 1_005),
        ("123456789.99", 12_345_678_999),
        ("8.29", 829),  # 8.29 * 100 is 828.9999999999999 in floats
        ("90071992547409.93", 9_007_199_254_740_993),  # the first integer that a float cannot hold
        ('"250000"', 25_000_000),
        ('"5.00"', 500),
        ('"5.5"', 550),
    ],
)
def test_an_amount_is_exact_to_the_cent(text: str, minor: int) -> None:
    outcome = parse_stk(paid(text)).outcome
    assert isinstance(outcome, Succeeded)
    assert outcome.value.amount_minor == minor


@pytest.mark.parametrize(
    "text", ["1.005", "-5", "-0.01", "0", "0.00", "1e400", "1e3", "5E-1", "true", "[1]", "{}", "1" * 40]
)
def test_a_number_that_is_no_exact_payment_is_unknown(text: str) -> None:
    assert parse_stk(paid(text)).outcome == Unknown("succeeded with an unreadable amount", "0")


@pytest.mark.parametrize(
    "text", ["", "1.005", " 5", "5,00", "1,000.00", "٥", "NaN", "Infinity", "9" * 30, "5.", ".5", "-5"]
)
def test_a_string_that_is_no_exact_payment_is_unknown(text: str) -> None:
    outcome = parse_stk(paid(json.dumps(text))).outcome
    assert outcome == Unknown("succeeded with an unreadable amount", "0")


def test_an_amount_of_null_counts_as_missing() -> None:
    assert parse_stk(paid("null")).outcome == Unknown("succeeded without an amount", "0")


def test_of_two_amounts_that_agree_one_counts_and_of_two_that_differ_none() -> None:
    def with_amounts(*amounts: str) -> object:
        items = ", ".join(f'{{"Name": "Amount"{amount}}}' for amount in amounts)
        return parse_stk(callback("0", f', "CallbackMetadata": {{"Item": [{items}]}}')).outcome

    assert with_amounts("", ', "Value": 5', ', "Value": 5') == Succeeded(Payment(500, None, None))
    assert with_amounts(', "Value": 5', ', "Value": 900') == Unknown("succeeded with an unreadable amount", "0")


@pytest.mark.parametrize("receipt", [None, "", True, ["A"], "A" * 41, "UCE\u0000", "ünicode"])
def test_a_receipt_that_cannot_be_one_is_left_out_and_the_payment_counts(receipt: object) -> None:
    assert parse_stk(paid("5", receipt=receipt)).outcome == Succeeded(Payment(500, None, PAID_AT))


@pytest.mark.parametrize(
    "stamp", [None, "", "2026-03-14", 20261314091533, 20260230091533, "00010101000000", 14, "x" * 14]
)
def test_an_unreadable_date_is_left_out_and_the_payment_counts(stamp: object) -> None:
    assert parse_stk(paid("5", paid_at=stamp)).outcome == Succeeded(Payment(500, "UCE4TRV9K2", None))


@pytest.mark.parametrize("code", ["1", '"1"'])
def test_a_code_is_the_same_as_a_number_and_as_a_string(code: str) -> None:
    assert parse_stk(callback(code)).outcome == Failed(Reason.INSUFFICIENT_FUNDS, "1", "as it was")


@pytest.mark.parametrize(
    "code", ["26", "1001", "1036", "1037", "4999", "100000000", "777", '"R9"', "-1", '"00"', "0.0"]
)
def test_a_code_that_is_doubtful_or_not_listed_is_unknown(code: str) -> None:
    assert isinstance(parse_stk(callback(code)).outcome, Unknown)


@pytest.mark.parametrize("code", ["null", "true", "false", "{}", '""', '"\\u0000"', "1" * 101])
def test_an_unreadable_code_is_unknown(code: str) -> None:
    result = parse_stk(callback(code))
    assert (result.code, result.outcome) == ("", Unknown("no code"))


def test_metadata_beside_a_failure_makes_it_no_success() -> None:
    items = ', "CallbackMetadata": {"Item": [{"Name": "Amount", "Value": 5}]}'
    assert isinstance(parse_stk(callback("1032", items)).outcome, Failed)


@pytest.mark.parametrize("bad", [b"", b"hello", b"<html></html>", b"{", b'{"Body": ', b"\xff\xfe", b"{} {}"])
def test_what_is_not_json_says_so(bad: bytes) -> None:
    with pytest.raises(NotJson):
        parse_stk(bad)


NO_ID = callback("0").replace(b"ws_CO_14032026091512345", b"")
DEEP = b"[" * 40_000 + b"]" * 40_000
DEEP_OBJECTS = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
HUGE_NUMBER = b"9" * 60_000
OTHER_SHAPES = [
    b"1",
    b"null",
    b'"text"',
    b"[]",
    b"{}",
    b'{"Body": 1}',
    b'{"Body": {"stkCallback": []}}',
    b'{"Result": {}}',
]


@pytest.mark.parametrize(
    "other", [*OTHER_SHAPES, NO_ID, DEEP, DEEP_OBJECTS, HUGE_NUMBER], ids=lambda body: str(body[:30])
)
def test_json_of_another_shape_is_no_callback_but_is_json(other: bytes) -> None:
    with pytest.raises(NotACallback) as raised:
        parse_stk(other)
    assert not isinstance(raised.value, NotJson)


def test_the_message_kept_for_the_log_holds_no_number_and_no_token() -> None:
    message = "Invalid Access Token - aB3dE5fG7hI9jK1lM3nO5pQ7rS9t for 254712000111"
    text = callback("1032").replace(b"as it was", message.encode())
    outcome = parse_stk(text).outcome
    assert outcome == Failed(Reason.CANCELLED, "1032", "Invalid Access Token - … for …")


def test_the_answer_to_a_query_is_read() -> None:
    result = parse_stk_query(body("query_cancelled"))
    assert result.checkout_id == "ws_CO_14032026091512347"
    assert result.outcome == Failed(Reason.CANCELLED, "1032", "Request cancelled by user")


def test_a_query_that_says_paid_knows_neither_amount_nor_receipt() -> None:
    assert parse_stk_query(body("query_cancelled").replace(b'"1032"', b"0")).outcome == Succeeded(None)


@pytest.mark.parametrize("missing", ["ResultCode", "ResponseCode"])
def test_an_answer_without_its_codes_is_no_answer(missing: str) -> None:
    answer = json.loads(body("query_cancelled"))
    del answer[missing]
    with pytest.raises(NotACallback):
        parse_stk_query(json.dumps(answer).encode())
