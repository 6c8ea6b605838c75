"""M-Pesa's clock: East Africa Time, three hours ahead of UTC all year, written YYYYMMDDHHmmss."""

from datetime import UTC, datetime, timedelta, timezone

EAT = timezone(timedelta(hours=3), "EAT")


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
