"""A day of the books: from midnight to midnight in Nairobi."""

from datetime import UTC, date, datetime, time, timedelta

from fundraising.refusals import NoSuchDay
from mpesa.kenyan_time import EAT

ONE = timedelta(days=1)
FIRST = date(2007, 3, 6)  # M-Pesa's own first day
SEVEN = time(7)


def in_kenya(moment: datetime) -> datetime:
    return moment.astimezone(EAT)


def of(moment: datetime) -> date:
    return in_kenya(moment).date()


def at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, EAT).astimezone(UTC)


def start(day: date) -> datetime:
    return at(day, time())


def end(day: date) -> datetime:
    """The first moment that is no longer of this day."""
    return start(day + ONE)


def checked(day: date, now: datetime) -> date:
    """Raises NoSuchDay for one that has not begun, or that no book can have."""
    if not FIRST <= day <= of(now):
        raise NoSuchDay
    return day
