import pytest

from mpesa.results import NotACallback, NotJson, TimeoutNotice, parse_timeout_notice
from tests.mpesa.fixtures import body
from tests.mpesa.fixtures.results import result


def test_a_notice_in_the_shape_of_a_result_is_read() -> None:
    assert parse_timeout_notice(result("1")) == TimeoutNotice("K7QX2MPA5ZTB3RCDW4E", "AG_20260314_20")


def test_a_notice_that_is_our_own_request_sent_back_is_read() -> None:
    request = b'{"OriginatorConversationID": "K7QX2MPA5ZTB3RCDW4E", "InitiatorName": "a", "Amount": 10}'
    assert parse_timeout_notice(request) == TimeoutNotice("K7QX2MPA5ZTB3RCDW4E", None)


def test_a_question_sent_back_names_the_payment_it_asked_for_and_that_one_did_not_time_out() -> None:
    request = b'{"OriginalConversationID": "K7QX2MPA5ZTB3RCDW4E", "CommandID": "TransactionStatusQuery"}'
    assert parse_timeout_notice(request) == TimeoutNotice(None, None)


@pytest.mark.parametrize("other", [b"{}", b"[]", b"null", b"7", b'{"Result": []}', body("callback_paid")])
def test_any_other_json_is_a_notice_that_names_nothing(other: bytes) -> None:
    assert parse_timeout_notice(other) == TimeoutNotice(None, None)


def test_what_is_not_json_says_so() -> None:
    with pytest.raises(NotJson):
        parse_timeout_notice(b"<html></html>")


def test_json_of_no_use_is_no_notice() -> None:
    with pytest.raises(NotACallback):
        parse_timeout_notice(b"[" * 40_000 + b"]" * 40_000)
