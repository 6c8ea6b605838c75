"""Bodies recorded by others, where a folder of them is at hand (TRUSTVOICE_PAYLOADS)."""

import json
import os
from pathlib import Path

import pytest

from mpesa.answers import push_outcome, token_refused
from mpesa.callbacks import Payment, parse_stk, parse_stk_query
from mpesa.codes import RECEIVED_BEFORE, Reason
from mpesa.initiator_answers import b2c_outcome
from mpesa.outcome import Failed, Succeeded, Unknown
from mpesa.results import (
    TransactionStatus,
    parse_b2c_result,
    parse_balance_result,
    parse_status_result,
    parse_timeout_notice,
    without_secrets,
)
from mpesa.wire import read_answer

FOLDER = Path(os.environ.get("TRUSTVOICE_PAYLOADS") or "recorded payloads")
NONE_AT_HAND = pytest.param(None, marks=pytest.mark.skip(reason="TRUSTVOICE_PAYLOADS names no folder of recordings"))
UNKNOWN_CODES = {"1036", "1037"}


def recorded(pattern: str) -> list[object]:
    files = sorted(FOLDER.glob(pattern)) if FOLDER.is_dir() else []
    return [pytest.param(file, id=file.stem) for file in files] or [NONE_AT_HAND]


@pytest.mark.parametrize("file", recorded("stk_cb_0_*.json"))
def test_a_recorded_payment_is_one_shilling_with_receipt_and_date(file: Path) -> None:
    outcome = parse_stk(file.read_bytes()).outcome
    assert isinstance(outcome, Succeeded)
    payment: Payment = outcome.value
    assert payment.amount_minor == 100
    assert payment.receipt is not None
    assert len(payment.receipt) == 10
    assert payment.paid_at is not None


@pytest.mark.parametrize("file", recorded("stk_cb_[1-9]*.json"))
def test_a_recorded_refusal_is_failed_or_unknown_as_its_code_says(file: Path) -> None:
    code = file.stem.split("_")[2]
    result = parse_stk(file.read_bytes())
    assert result.code == code
    assert isinstance(result.outcome, Unknown if code in UNKNOWN_CODES else Failed)


@pytest.mark.parametrize("file", recorded("stk_query_1032_*.json"))
def test_a_recorded_answer_to_a_query_is_read(file: Path) -> None:
    outcome = parse_stk_query(file.read_bytes()).outcome
    assert isinstance(outcome, Failed)
    assert outcome.reason is Reason.CANCELLED


@pytest.mark.parametrize("file", recorded("err_*.json"))
def test_a_recorded_error_is_refused_unknown_or_a_stale_token(file: Path) -> None:
    body = file.read_bytes()
    answer = read_answer(int(json.loads(body)["errorCode"][:3]), body)
    outcome = push_outcome(answer)
    assert isinstance(outcome, Unknown if answer.status == 500 else Failed)
    assert token_refused(answer) == ("401.002.01" in file.name)


@pytest.mark.parametrize("file", recorded("err_*.json"))
def test_a_recorded_error_of_a_payment_is_refused_unknown_or_received_before(file: Path) -> None:
    body = file.read_bytes()
    outcome = b2c_outcome(read_answer(int(json.loads(body)["errorCode"][:3]), body), "K7QX2MPA5ZTB3RCDW4E")
    assert isinstance(outcome, Unknown if "err_500" in file.name else Failed)
    assert (isinstance(outcome, Unknown) and outcome.why == RECEIVED_BEFORE) == ("duplicate_originator" in file.name)


@pytest.mark.parametrize("file", recorded("b2c_result_0_*.json"))
def test_a_recorded_payout_is_paid_with_receipt_date_recipient_and_funds(file: Path) -> None:
    result = parse_b2c_result(file.read_bytes())
    assert isinstance(result.outcome, Succeeded)
    paid = result.outcome.value
    assert paid.amount_minor
    assert paid.receipt == result.transaction_id
    assert paid.completed_at is not None
    assert paid.recipient is not None
    assert paid.recipient_is_registered
    for funds in (paid.utility_funds_minor, paid.working_funds_minor, paid.charges_funds_minor):
        assert isinstance(funds, int)


@pytest.mark.parametrize("file", [*recorded("b2c_result_2001_*.json"), *recorded("status_result_2001_*.json")])
def test_a_recorded_refusal_of_the_initiator_stops_all_sending(file: Path) -> None:
    parse = parse_b2c_result if file.name.startswith("b2c") else parse_status_result
    outcome = parse(file.read_bytes()).outcome
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.stops_sending) == (Reason.INITIATOR_REFUSED, True)


@pytest.mark.parametrize("file", recorded("status_result_0_*.json"))
def test_a_recorded_status_is_completed_with_its_facts(file: Path) -> None:
    outcome = parse_status_result(file.read_bytes()).outcome
    assert isinstance(outcome, Succeeded)
    fact = outcome.value
    assert (fact.status, fact.amount_minor, fact.fee_minor) == (TransactionStatus.COMPLETED, 100, None)
    assert fact.receipt is not None
    assert fact.originator_id is not None
    assert fact.initiated_at is not None
    assert fact.finalised_at is not None


@pytest.mark.parametrize("file", recorded("balance_result_0_*.json"))
def test_a_recorded_balance_tells_of_the_working_account_at_a_moment(file: Path) -> None:
    result = parse_balance_result(file.read_bytes())
    assert isinstance(result.outcome, Succeeded)
    assert "Working Account" in result.outcome.value
    assert result.completed_at is not None


@pytest.mark.parametrize("file", [*recorded("*_result_*.json"), *recorded("stk_cb_*.json")])
def test_any_recorded_body_can_be_stored_and_read_as_a_notice(file: Path) -> None:
    body = file.read_bytes()
    kept = without_secrets(body)
    assert parse_timeout_notice(kept) == parse_timeout_notice(body)
    assert (parse_timeout_notice(body).originator_id is None) == file.name.startswith("stk_cb")
