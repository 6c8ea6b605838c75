"""Anybody can send us what is not proven. Some is kept, for a person to look at; all of it would fill the disk."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
MOST_ROWS, MOST_BYTES = 120, 256 * 1024  # a minute; what is proven is always kept


@dataclass(frozen=True, slots=True)
class Left:
    rows: int
    size: int

    def less(self, size: int) -> "Left | None":
        """None when there is no room for it."""
        return Left(self.rows - 1, self.size - size) if self.rows > 0 and size <= self.size else None


ALL = Left(2**63, 2**63)


class Allowance:
    def __init__(self, now: Callable[[], datetime]):
        self._now, self._minute_began, self._left = now, now(), Left(MOST_ROWS, MOST_BYTES)

    def left(self) -> Left:
        if self._now() - self._minute_began >= MINUTE:
            self._minute_began, self._left = self._now(), Left(MOST_ROWS, MOST_BYTES)
        return self._left

    def use(self, sizes: Iterable[int]) -> None:
        """After the commit: a transaction may run again."""
        taken = list(sizes)
        self._left = Left(self._left.rows - len(taken), self._left.size - sum(taken))
