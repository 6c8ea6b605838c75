import json
from datetime import UTC, datetime

import pytest

from mpesa.codes import Reason
from mpesa.outcome import Failed, Succeeded, Unknown
from mpesa.results import B2cPaid, NotACallback, NotJson, parse_b2c_result
from tests.mpesa.fixtures import body
from tests.mpesa.fixtures.results import listed, result

NAME = "254712000111 - WANJIKU KAMAU"
PAID = B2cPaid(
    amount_minor=150_000,
    receipt="UCE4TRV9K2",
    recipient=NAME,
    completed_at=datetime(2026, 3, 14, 6, 15, 33, tzinfo=UTC),
    utility_funds_minor=8_825_960,
    working_funds_minor=100_000_000,
    charges_funds_minor=-198_000,
    recipient_is_registered=True,
)


def paid(**values: str) -> B2cPaid:
    outcome = parse_b2c_result(result("0", listed(**{"TransactionAmount": "10", **values}))).outcome
    assert isinstance(outcome, Succeeded)
    return outcome.value


@pytest.mark.parametrize("name", ["b2c_paid", "b2c_paid_strings_any_order"])
def test_a_payment_is_read_whatever_the_order_and_the_types(name: str) -> None:
    read = parse_b2c_result(body(name))
    assert read.outcome == Succeeded(PAID)
    assert read.originator_id == "K7QX2MPA5ZTB3RCDW4E"
    assert read.conversation_id == "AG_20260314_2010364430d9bbdaf872"
    assert (read.transaction_id, read.code) == ("UCE4TRV9K2", "0")
    assert read.message == "The service request is processed successfully."


def test_a_refused_initiator_is_a_failure_that_stops_all_sending() -> None:
    read = parse_b2c_result(body("b2c_refused"))
    assert read.outcome == Failed(Reason.INITIATOR_REFUSED, "2001", "The initiator information is invalid.")
    assert read.outcome.stops_sending
    assert read.transaction_id == "UCE0000000"


@pytest.mark.parametrize(
    ("code", "reason", "stops"),
    [
        ("1", Reason.FLOAT_EMPTY, False),
        ('"1"', Reason.FLOAT_EMPTY, False),
        ("2", Reason.AMOUNT_TOO_SMALL, False),
        ("3", Reason.AMOUNT_TOO_LARGE, False),
        ("4", Reason.DAILY_LIMIT, False),
        ("8", Reason.RECEIVER_FULL, False),
        ("25", Reason.REFUSED, False),
        ("2040", Reason.RECIPIENT_NOT_REGISTERED, False),
        ('"SFC_IC0003"', Reason.RECIPIENT_NOT_REGISTERED, False),
        ("11", Reason.ACCOUNT_INACTIVE, True),
        ("21", Reason.INITIATOR_WITHOUT_ROLE, True),
        ("2028", Reason.PRODUCT_MISSING, True),
        ("8006", Reason.INITIATOR_LOCKED, True),
    ],
)
def test_a_final_refusal_is_failed_and_says_why(code: str, reason: Reason, stops: bool) -> None:
    outcome = parse_b2c_result(result(code)).outcome
    assert outcome == Failed(reason, code.strip('"'), "as it was")
    assert (outcome.stops_sending, outcome.not_accepted) == (stops, False)


@pytest.mark.parametrize(
    "code", ["17", "26", "100000000", "100000001", "100000002", "100000011", "15", "777", '"R9"', "-1", '"00"', "0.0"]
)
def test_a_code_that_is_doubtful_or_not_listed_is_unknown(code: str) -> None:
    assert isinstance(parse_b2c_result(result(code)).outcome, Unknown)


@pytest.mark.parametrize("code", ["null", "true", "false", "{}", '""', '"\\u0000"', "1" * 101])
def test_an_unreadable_code_is_unknown(code: str) -> None:
    read = parse_b2c_result(result(code, listed(TransactionAmount="10")))
    assert (read.code, read.outcome) == ("", Unknown("no code"))


@pytest.mark.parametrize("parameters", [None, "null", "[]", "{}", '""', '{"ResultParameter": []}', listed(Amount="10")])
def test_success_without_an_amount_is_unknown(parameters: str | None) -> None:
    assert parse_b2c_result(result("0", parameters)).outcome == Unknown("paid without an amount", "0")


@pytest.mark.parametrize("amount", ["0", "-10", "1.005", "1e3", '"ten"', "true", "[10]", "{}", "1" * 40])
def test_success_with_an_amount_that_is_none_is_unknown(amount: str) -> None:
    outcome = parse_b2c_result(result("0", listed(TransactionAmount=amount))).outcome
    assert outcome == Unknown("paid with an unreadable amount", "0")


@pytest.mark.parametrize(
    "parameters",
    [
        '{"ResultParameter": {"Key": "TransactionAmount", "Value": 10}}',
        '[{"Key": "TransactionAmount", "Value": 10}]',
    ],
)
def test_a_single_parameter_and_a_bare_list_are_read(parameters: str) -> None:
    outcome = parse_b2c_result(result("0", parameters)).outcome
    assert isinstance(outcome, Succeeded)
    assert outcome.value.amount_minor == 1000


def test_without_a_receipt_of_its_own_the_transactions_id_is_the_receipt() -> None:
    assert paid().receipt == "UCE9"
    assert paid(TransactionReceipt='"UCE4TRV9K2"').receipt == "UCE4TRV9K2"
    assert paid(TransactionReceipt='"' + "A" * 41 + '"').receipt == "UCE9"


@pytest.mark.parametrize(("value", "registered"), [('"Y"', True), ('"N"', False), ('"y"', None), ("true", None)])
def test_whether_the_recipient_is_registered_is_yes_no_or_not_known(value: str, registered: bool | None) -> None:
    assert paid(B2CRecipientIsRegisteredCustomer=value).recipient_is_registered is registered


def test_a_name_in_any_script_is_kept_without_invisible_characters() -> None:
    assert paid(ReceiverPartyPublicName='"2547 - WANJIRŨ\\u202e\\n"').recipient == "2547 - WANJIRŨ"
    assert paid(ReceiverPartyPublicName="254712000111").recipient == "254712000111"
    assert len(paid(ReceiverPartyPublicName=json.dumps("A" * 5000)).recipient or "") == 200
    assert paid(ReceiverPartyPublicName="[1]").recipient is None


def test_funds_and_dates_that_cannot_be_read_are_left_out_and_the_payment_counts() -> None:
    read = paid(TransactionCompletedDateTime='"31.02.2026 10:00:00"', B2CUtilityAccountAvailableFunds='"much"')
    assert (read.amount_minor, read.completed_at, read.utility_funds_minor) == (1000, None, None)


@pytest.mark.parametrize("bad", [b"", b"hello", b"<html></html>", b"{", b'{"Result": ', b"\xff\xfe", b"{} {}"])
def test_what_is_not_json_says_so(bad: bytes) -> None:
    with pytest.raises(NotJson):
        parse_b2c_result(bad)


@pytest.mark.parametrize(
    "other",
    [
        b"1",
        b"null",
        b"[]",
        b"{}",
        b'{"Result": []}',
        b'{"Result": {"ResultCode": 0}}',
        b'{"Body": {"stkCallback": {}}}',
        b"[" * 40_000 + b"]" * 40_000,
        b"9" * 60_000,
    ],
    ids=lambda body: str(body[:30]),
)
def test_json_of_another_shape_is_no_result_but_is_json(other: bytes) -> None:
    with pytest.raises(NotACallback) as raised:
        parse_b2c_result(other)
    assert not isinstance(raised.value, NotJson)


@pytest.mark.parametrize("missing", ["OriginatorConversationID", "ConversationID"])
def test_one_of_the_two_ids_is_enough(missing: str) -> None:
    read = parse_b2c_result(body("b2c_paid").replace(f'"{missing}"'.encode(), b'"Other"'))
    assert read.outcome == Succeeded(PAID)
    assert sorted((read.originator_id, read.conversation_id))[0] == ""


def test_neither_the_recipient_nor_a_number_is_printed() -> None:
    printed = repr(parse_b2c_result(body("b2c_paid")))
    assert "WANJIKU" not in printed
    assert "712000111" not in printed
    loud = parse_b2c_result(result("1", description="no money for 254712000111"))
    assert "712000111" not in repr(loud)
