"""Moments and waits, as people say them."""

from datetime import datetime, timedelta
from math import ceil

from babel.dates import format_datetime

from fundraising import days
from letters.language import Language


def in_words(_: Language, wait: timedelta) -> str:
    """Never shorter than it is."""
    seconds = max(1, ceil(wait.total_seconds()))
    if seconds < 60:
        return _.plural("{count} second", "{count} seconds", seconds)
    minutes = ceil(seconds / 60)
    if minutes < 120:
        return _.plural("{count} minute", "{count} minutes", minutes)
    return _.plural("{count} hour", "{count} hours", ceil(minutes / 60))


def in_hours(_: Language, time: timedelta) -> str:
    """Rounded up."""
    return _.plural("{count} hour", "{count} hours", max(1, ceil(time / timedelta(hours=1))))


def day(_: Language, moment: datetime) -> str:
    return format_datetime(days.in_kenya(moment), "d MMM y", locale=_.code)


def moment(_: Language, when: datetime) -> str:
    return format_datetime(days.in_kenya(when), "d MMM y, HH:mm", locale=_.code)
