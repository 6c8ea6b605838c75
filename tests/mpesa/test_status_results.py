from datetime import UTC, datetime

import pytest

from mpesa.codes import Reason
from mpesa.outcome import Failed, Succeeded, Unknown
from mpesa.results import NotACallback, TransactionFact, TransactionStatus, parse_status_result
from tests.mpesa.fixtures import body
from tests.mpesa.fixtures.results import listed, result


def fact(**values: str) -> TransactionFact:
    outcome = parse_status_result(result("0", listed(**{"TransactionStatus": '"Completed"', **values}))).outcome
    assert isinstance(outcome, Succeeded)
    return outcome.value


def test_a_completed_transaction_is_read_with_all_its_facts() -> None:
    read = parse_status_result(body("status_completed"))
    assert (read.originator_id, read.code) == ("9f6c-4b39-8802-71a3", "0")
    assert read.conversation_id == "AG_20260314_20303738b089a9fb5233"
    assert read.outcome == Succeeded(
        TransactionFact(
            status=TransactionStatus.COMPLETED,
            amount_minor=150_000,
            receipt="UCE4TRV9K2",
            originator_id="K7QX2MPA5ZTB3RCDW4E",
            initiated_at=datetime(2026, 3, 14, 6, 15, 30, tzinfo=UTC),
            finalised_at=datetime(2026, 3, 14, 6, 15, 33, tzinfo=UTC),
            fee_minor=2240,
            debit_party="600200 - Maji Safi Trust",
            credit_party="254712000111 - Wanjiku Kamau",
        )
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Completed", TransactionStatus.COMPLETED),
        ("COMPLETED", TransactionStatus.COMPLETED),
        ("Declined", TransactionStatus.DECLINED),
        ("Cancelled", TransactionStatus.CANCELLED),
        ("Expired", TransactionStatus.EXPIRED),
        ("Authorized", TransactionStatus.OTHER),
        ("Initiated", TransactionStatus.OTHER),
        ("Not Completed", TransactionStatus.OTHER),
    ],
)
def test_what_became_of_a_transaction_is_its_status_and_not_the_result_code(
    word: str, status: TransactionStatus
) -> None:
    assert fact(TransactionStatus=f'"{word}"').status is status


@pytest.mark.parametrize("parameters", [None, "{}", listed(Amount="10"), listed(TransactionStatus="[]", Amount="10")])
def test_a_question_that_worked_but_tells_no_status_says_nothing(parameters: str | None) -> None:
    outcome = parse_status_result(result("0", parameters)).outcome
    assert outcome == Unknown("a status result without a status", "0")


@pytest.mark.parametrize(
    "code", ["1", "2", "4", "8", "17", "24", "25", "26", "29", "2040", '"SFC_IC0003"', "777", "null"]
)
def test_a_question_that_fails_says_nothing_about_the_transaction(code: str) -> None:
    completed = listed(TransactionStatus='"Completed"', Amount="10")
    assert isinstance(parse_status_result(result(code, completed)).outcome, Unknown)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("2001", Reason.INITIATOR_REFUSED),
        ("8006", Reason.INITIATOR_LOCKED),
        ("21", Reason.INITIATOR_WITHOUT_ROLE),
        ("2006", Reason.ACCOUNT_INACTIVE),
    ],
)
def test_a_fault_of_our_own_stops_all_sending(code: str, reason: Reason) -> None:
    outcome = parse_status_result(result(code)).outcome
    assert outcome == Failed(reason, code, "as it was")
    assert outcome.stops_sending


@pytest.mark.parametrize(
    ("charges", "minor"),
    [
        ('"Fee For B2C Payment|KES|22.40"', 2240),
        ('"Fee For B2C Payment|KES|22.40&Excise Duty|KES|3.36"', 2576),
        ('"Fee For B2C Payment|KES|0.00"', 0),
        ('""', None),
        ("null", None),
        ("22.40", None),
        ('"Fee|USD|22.40"', None),
        ('"Fee|KES|22.40&Fee|KES|some"', None),
        ('"Fee|KES|-22.40"', None),
        ('"Fee|KES|22.40&"', None),
    ],
)
def test_a_fee_is_the_sum_of_all_charges_or_not_known(charges: str, minor: int | None) -> None:
    assert fact(DebitPartyCharges=charges).fee_minor == minor


def test_many_charges_in_one_long_string_are_summed() -> None:
    charges = "&".join(["Fee For A Payment With A Long Name|KES|1.05"] * 50)
    assert fact(DebitPartyCharges=f'"{charges}"').fee_minor == 5250


def test_what_is_missing_or_unreadable_is_left_out() -> None:
    read = fact(Amount='"much"', ReceiptNo="{}", InitiatedTime="7", DebitPartyName="null")
    assert read == TransactionFact(TransactionStatus.COMPLETED, None, None, None, None, None, None, None, None)


def test_a_result_that_names_no_conversation_is_none() -> None:
    with pytest.raises(NotACallback):
        parse_status_result(b'{"Result": {"ResultCode": 0}}')


def test_the_parties_are_not_printed() -> None:
    printed = repr(parse_status_result(body("status_completed")))
    for canary in ("Wanjiku", "712000111", "Maji Safi"):
        assert canary not in printed
