"""M-Pesa's clock: East Africa Time, three hours ahead of UTC all year, written YYYYMMDDHHmmss."""

import re
from datetime import UTC, datetime, timedelta, timezone

EAT = timezone(timedelta(hours=3), "EAT")
DOTTED = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2})")


def stamp(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(EAT).strftime("%Y%m%d%H%M%S")


def read_stamp(text: str) -> datetime | None:
    """In UTC; None when it is no such stamp."""
    if len(text) != 14 or not (text.isascii() and text.isdecimal()):
        return None
    try:
        return datetime.fromisoformat(f"{text[:8]}T{text[8:]}+03:00").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_moment(text: str) -> datetime | None:
    """Also dd.MM.yyyy HH:mm:ss, which only the result of a B2C payment writes."""
    dotted = DOTTED.fullmatch(text)
    if dotted is None:
        return read_stamp(text)
    day, month, *year_and_time = dotted.groups()
    return read_stamp("".join((year_and_time[0], month, day, *year_and_time[1:])))
