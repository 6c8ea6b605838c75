import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest

from mpesa.kenyan_time import read_moment, read_stamp, stamp
from mpesa.password import make_password


def test_password_and_timestamp_agree_and_are_in_kenyan_time() -> None:
    password = make_password("600100", "our-passkey", datetime(2026, 3, 31, 22, 30, 5, tzinfo=UTC))
    assert password.timestamp == "20260401013005"  # past midnight there
    assert base64.b64decode(password.value) == b"600100our-passkey20260401013005"


def test_a_moment_of_another_time_zone_is_converted() -> None:
    assert stamp(datetime(2026, 1, 1, 0, 0, tzinfo=timezone(timedelta(hours=-5)))) == "20260101080000"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        stamp(datetime(2026, 1, 1))  # noqa: DTZ001 - a naive moment is what is refused


def test_a_stamp_is_read_into_utc() -> None:
    assert read_stamp("20260101013000") == datetime(2025, 12, 31, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "2026010101300", "20260101T01300", "20261301013000", "00010101000000", "２０260101013000"]
)
def test_what_is_no_stamp_is_none(text: str) -> None:
    assert read_stamp(text) is None


def test_a_moment_is_read_in_either_way_of_writing_it() -> None:
    expected = datetime(2026, 3, 14, 6, 15, 33, tzinfo=UTC)
    assert read_moment("14.03.2026 09:15:33") == read_moment("20260314091533") == expected


@pytest.mark.parametrize(
    "text",
    ["", "14.3.2026 09:15:33", "31.02.2026 09:15:33", "14.03.2026", "14.03.2026 24:00:00", "01.01.0001 00:00:00"],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert read_moment(text) is None


def test_the_password_is_not_printed() -> None:
    password = make_password("600100", "our-passkey", datetime(2026, 3, 31, tzinfo=UTC))
    assert password.value not in repr(password)
