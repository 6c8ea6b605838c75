"""Bodies recorded by others, where a folder of them is at hand (TRUSTVOICE_PAYLOADS)."""

import json
import os
from pathlib import Path

import pytest

from mpesa.answers import push_outcome, token_refused
from mpesa.callbacks import Payment, parse_stk, parse_stk_query
from mpesa.codes import Reason
from mpesa.outcome import Failed, Succeeded, Unknown
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
