import json
from datetime import UTC, datetime

import pytest

from mpesa.codes import Reason
from mpesa.outcome import Failed, Succeeded, Unknown
from mpesa.results import parse_balance_result
from tests.mpesa.fixtures import body
from tests.mpesa.fixtures.results import listed, result

LINE = "Utility Account|KES|10.00|8.50|1.50|0.00"


def funds(balance: str) -> object:
    return parse_balance_result(result("0", listed(AccountBalance=json.dumps(balance)))).outcome


def test_what_is_available_is_told_by_account_in_cents() -> None:
    read = parse_balance_result(body("balance_of_four"))
    assert read.outcome == Succeeded(
        {
            "Working Account": 69_000_000,
            "Utility Account": 8_825_960,
            "Charges Paid Account": -198_000,
            "Organization Settlement Account": 0,
        }
    )
    assert (read.code, read.completed_at) == ("0", datetime(2026, 3, 14, 6, 15, 33, tzinfo=UTC))


def test_a_single_parameter_instead_of_a_list_is_read() -> None:
    single = json.dumps({"ResultParameter": {"Key": "AccountBalance", "Value": LINE}})
    read = parse_balance_result(result("0", single))
    assert (read.outcome, read.completed_at) == (Succeeded({"Utility Account": 850}), None)


@pytest.mark.parametrize(
    "bad",
    ["", "Float Account|KES|x|y|z|w", "Float Account|USD|1|1|1|1", "Float Account|KES|1|1", "|KES|1|1|1|1", "{A=1}"],
)
def test_an_account_that_cannot_be_read_is_left_out_and_never_guessed(bad: str) -> None:
    assert funds(f"{bad}&{LINE}") == Succeeded({"Utility Account": 850})
    assert funds(bad) == Unknown("a balance result without a balance", "0")


def test_of_one_account_told_twice_the_first_counts() -> None:
    assert funds(f"{LINE}&{LINE.replace('8.50', '900.00')}") == Succeeded({"Utility Account": 850})


def test_a_balance_that_is_missing_is_unknown() -> None:
    assert parse_balance_result(result()).outcome == Unknown("a balance result without a balance", "0")


@pytest.mark.parametrize("code", ["1", "17", "26", "15", "777", "null"])
def test_a_question_that_fails_is_unknown(code: str) -> None:
    assert isinstance(parse_balance_result(result(code)).outcome, Unknown)


def test_a_locked_initiator_stops_all_sending() -> None:
    outcome = parse_balance_result(result("8006")).outcome
    assert outcome == Failed(Reason.INITIATOR_LOCKED, "8006", "as it was")
    assert outcome.stops_sending
