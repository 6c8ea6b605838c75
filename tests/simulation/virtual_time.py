"""An event loop whose clock jumps to whatever comes next: days pass in milliseconds, in the same order every time."""

import asyncio
import selectors
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class EverythingWaits(Exception):
    """Nothing will ever happen again: somebody waits for an answer that nobody gives."""


class Jumper(selectors.SelectSelector):
    """Listens to no file: instead of waiting, it moves the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise EverythingWaits
        self.seconds += max(timeout, 0.0)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumper = Jumper()
        self._asked = 0
        super().__init__(self._jumper)

    def time(self) -> float:
        return self._jumper.seconds

    def now(self) -> datetime:
        """No two moments are equal, as on a real clock."""
        self._asked += 1
        return START + timedelta(seconds=self.time()) + self._asked * MICROSECOND


Now = Callable[[], datetime]
