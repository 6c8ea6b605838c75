"""Kenya's time (EAT, UTC+3 the year round)."""

import time
from datetime import UTC, datetime, timedelta, timezone

EAT = timezone(timedelta(hours=3), "EAT")
STAMP = "%Y%m%d%H%M%S"


def now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC).astimezone(EAT)


def read_stamp(stamp: str) -> datetime:
    """Raises ValueError."""
    if len(stamp) != 14 or not stamp.isdigit():
        raise ValueError(stamp)
    return datetime.strptime(stamp, STAMP).replace(tzinfo=EAT)
