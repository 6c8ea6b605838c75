"""How long to wait, as people say it: never shorter than it is."""

from datetime import timedelta
from math import ceil

from letters.language import Language


def in_words(_: Language, wait: timedelta) -> str:
    seconds = max(1, ceil(wait.total_seconds()))
    if seconds < 60:
        return _.plural("{count} second", "{count} seconds", seconds)
    return _.plural("{count} minute", "{count} minutes", ceil(seconds / 60))
