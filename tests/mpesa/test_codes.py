from collections import defaultdict

import pytest

from mpesa.codes import OPERATOR_FIRST, RECEIVED_BEFORE, TABLES, Code, Heard, Reason, Verdict, look_up
from mpesa.outcome import Failed, Unknown, not_succeeded

OF_PUSHES = (Heard.CALLBACK, Heard.QUERY, Heard.ANSWER)
ANSWERS = (Heard.ANSWER, Heard.B2C_ANSWER, Heard.QUESTION_ANSWER)


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
    for heard, table in TABLES.items():
        again = {row.code for row in table if row.reason and Failed(row.reason, row.code).not_accepted}
        of_the_gateway = {f"policies.ratelimit.{kind}Violation" for kind in ("SpikeArrest", "Quota")}
        busy = {"00.002.1001", "500.003.02", "500.003.03"} | of_the_gateway
        said_at_once = busy if heard in ANSWERS else set()
        throttled = {"100000001", "100000002", "100000011"} if heard in ANSWERS[1:] else set()
        assert again == said_at_once | throttled, heard


@pytest.mark.parametrize("heard", ANSWERS)
def test_success_is_never_read_from_an_error_answer(heard: Heard) -> None:
    assert isinstance(outcome("0", heard), Unknown)


def test_a_code_that_must_stop_us_asks_the_operator_to_act() -> None:
    for heard, table in TABLES.items():
        reasons = {row.reason for row in table if row.verdict is Verdict.STOP}
        assert reasons <= OPERATOR_FIRST, heard
        assert reasons == {Reason.CONFIGURATION} or heard not in OF_PUSHES


@pytest.mark.parametrize("heard", [Heard.B2C_ANSWER, Heard.B2C_RESULT, Heard.QUESTION_ANSWER, Heard.QUESTION_RESULT])
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("11", Reason.ACCOUNT_INACTIVE),
        ("18", Reason.INITIATOR_REFUSED),
        ("20", Reason.INITIATOR_REFUSED),
        ("21", Reason.INITIATOR_WITHOUT_ROLE),
        ("22", Reason.INITIATOR_WITHOUT_ROLE),
        ("2001", Reason.INITIATOR_REFUSED),
        ("2006", Reason.ACCOUNT_INACTIVE),
        ("2028", Reason.PRODUCT_MISSING),
        ("8006", Reason.INITIATOR_LOCKED),
    ],
)
def test_a_fault_of_our_own_stops_all_sending_wherever_the_initiator_hears_it(
    heard: Heard, code: str, reason: Reason
) -> None:
    stopped = outcome(code, heard)
    assert stopped == Failed(reason, code)
    assert stopped.stops_sending


@pytest.mark.parametrize(
    ("code", "of_a_push", "of_a_payout"),
    [
        ("1", Reason.INSUFFICIENT_FUNDS, Reason.FLOAT_EMPTY),
        ("2001", Reason.WRONG_PIN, Reason.INITIATOR_REFUSED),
        ("8006", Reason.PIN_LOCKED, Reason.INITIATOR_LOCKED),
        ("SFC_IC0003", Reason.CONFIGURATION, Reason.RECIPIENT_NOT_REGISTERED),
    ],
)
def test_one_code_means_one_thing_of_a_push_and_another_of_a_payout(
    code: str, of_a_push: Reason, of_a_payout: Reason
) -> None:
    assert outcome(code, Heard.CALLBACK) == Failed(of_a_push, code)
    assert outcome(code, Heard.B2C_RESULT) == Failed(of_a_payout, code)


def test_an_internal_fault_of_a_payout_is_not_the_two_minute_rule_of_a_push() -> None:
    assert outcome("17", Heard.CALLBACK) == Failed(Reason.TOO_SOON, "17")
    assert isinstance(outcome("17", Heard.B2C_RESULT), Unknown)


@pytest.mark.parametrize("code", ["1019", "1032", "1037", "4999", "2026", "E3008"])
def test_the_codes_of_a_prompt_say_nothing_about_a_payout(code: str) -> None:
    assert outcome(code, Heard.B2C_RESULT) == Unknown(f"unlisted code {code}", code)


@pytest.mark.parametrize("code", ["100000001", "100000002", "100000011"])
def test_overload_means_not_accepted_at_once_and_nothing_certain_in_a_result(code: str) -> None:
    at_once = outcome(code, Heard.B2C_ANSWER)
    assert isinstance(at_once, Failed)
    assert at_once.not_accepted
    assert isinstance(outcome(code, Heard.B2C_RESULT), Unknown)
    assert isinstance(outcome(code, Heard.QUESTION_RESULT), Unknown)


def test_the_result_of_a_question_can_fail_only_by_what_stops_everything() -> None:
    rows = TABLES[Heard.QUESTION_RESULT]
    assert {row.verdict for row in rows} == {Verdict.SUCCEEDED, Verdict.UNKNOWN, Verdict.STOP}


def test_received_before_is_told_apart_from_every_other_doubt() -> None:
    for code, message in (("15", ""), ("500.002.1001", "Duplicate OriginatorConversationID.")):
        doubt = outcome(code, Heard.B2C_ANSWER, message)
        assert isinstance(doubt, Unknown)
        assert doubt.why == RECEIVED_BEFORE
    other = outcome("500.002.1001", Heard.B2C_ANSWER, "System internal error.")
    assert isinstance(other, Unknown)
    assert other.why != RECEIVED_BEFORE


def test_every_failure_has_a_reason_and_every_doubt_a_why() -> None:
    for row in (row for table in TABLES.values() for row in table):
        doubtful = row.verdict in (Verdict.UNKNOWN, Verdict.PROCESSING)
        assert bool(row.why) == doubtful, row
        assert (row.reason is not None) == (row.verdict in (Verdict.FAILED, Verdict.STOP, Verdict.RENEW)), row


@pytest.mark.parametrize("heard", list(Heard))
def test_no_row_hides_another(heard: Heard) -> None:
    seen: dict[str, list[Code]] = defaultdict(list)
    for row in TABLES[heard]:
        for earlier in seen[row.code]:
            assert (earlier.heard not in (None, row.heard)) or (earlier.says and earlier.says not in row.says), row
        assert row.says == row.says.lower()
        seen[row.code].append(row)
