from collections import defaultdict

import pytest

from mpesa.codes import TABLE, Code, Heard, Reason, Verdict, look_up
from mpesa.outcome import Failed, Unknown, not_succeeded


def outcome(code: str, heard: Heard, message: str = "") -> Failed | Unknown:
    return not_succeeded(look_up(code, heard, message), code, message)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (
            "Unable to lock subscriber, a transaction is already in process for the current subscriber",
            Reason.PHONE_BUSY,
        ),
        ("MERCHANT DOES NOT EXIST", Reason.CONFIGURATION),
        ("[MerchantValidate] - Wrong credentials", Reason.CONFIGURATION),
    ],
)
def test_one_code_of_many_meanings_is_told_apart_by_its_text(message: str, reason: Reason) -> None:
    assert outcome("500.001.1001", Heard.ANSWER, message) == Failed(reason, "500.001.1001", message)


@pytest.mark.parametrize("message", ["The transaction is being processed", "something new", ""])
def test_the_same_code_with_any_other_text_is_unknown(message: str) -> None:
    assert isinstance(outcome("500.001.1001", Heard.ANSWER, message), Unknown)


def test_a_refused_token_and_a_missing_product_share_a_code_but_not_a_cure() -> None:
    missing = look_up("401.003.01", Heard.ANSWER, "Invalid API call as no apiproduct match found")
    stale = look_up("401.003.01", Heard.ANSWER, "Error Occurred - Invalid Access Token")
    assert missing is not None
    assert stale is not None
    assert (missing.verdict, stale.verdict) == (Verdict.STOP, Verdict.RENEW)


def test_a_duplicate_request_is_unknown_because_the_first_one_got_in() -> None:
    assert isinstance(outcome("500.002.1001", Heard.ANSWER, "Duplicate OriginatorConversationID."), Unknown)
    assert isinstance(outcome("500.002.1001", Heard.ANSWER, "System internal error."), Unknown)


def test_an_unanswered_prompt_is_unknown_in_a_callback_and_failed_in_a_query() -> None:
    assert isinstance(outcome("1037", Heard.CALLBACK), Unknown)
    assert outcome("1037", Heard.QUERY) == Failed(Reason.NO_ANSWER, "1037")


@pytest.mark.parametrize("code", ["00.002.1001", "500.003.02", "500.003.03"])
def test_overload_and_maintenance_mean_that_nothing_was_accepted(code: str) -> None:
    refused = outcome(code, Heard.ANSWER, "System is busy")
    assert isinstance(refused, Failed)
    assert refused.not_accepted


def test_every_other_failure_is_final() -> None:
    again = {row.code for row in TABLE if row.reason and Failed(row.reason, row.code).not_accepted}
    assert again == {"00.002.1001", "500.003.02", "500.003.03"}


def test_success_is_never_read_from_an_error_answer() -> None:
    assert isinstance(outcome("0", Heard.ANSWER), Unknown)


def test_a_code_that_must_stop_us_asks_the_operator_to_act() -> None:
    assert {row.reason for row in TABLE if row.verdict is Verdict.STOP} == {Reason.CONFIGURATION}


def test_every_failure_has_a_reason_and_every_doubt_a_why() -> None:
    for row in TABLE:
        doubtful = row.verdict in (Verdict.UNKNOWN, Verdict.PROCESSING)
        assert bool(row.why) == doubtful, row
        assert (row.reason is not None) == (row.verdict in (Verdict.FAILED, Verdict.STOP, Verdict.RENEW)), row


def test_no_row_hides_another() -> None:
    seen: dict[str, list[Code]] = defaultdict(list)
    for row in TABLE:
        for earlier in seen[row.code]:
            assert (earlier.heard not in (None, row.heard)) or (earlier.says and earlier.says not in row.says), row
        assert row.says == row.says.lower()
        seen[row.code].append(row)
