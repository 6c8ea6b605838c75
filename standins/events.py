"""What happened, numbered, for whoever waits for it."""

import asyncio
import time
from collections import deque

from standins.shapes import Event

KEPT = 5000


class EventLog:
    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=KEPT)
        self._news = asyncio.Event()
        self.last = 0
        self.closed = False

    def emit(self, kind: str, **data: object) -> int:
        self.last += 1
        self._events.append(Event(self.last, kind, time.time(), data))
        self._wake()
        return self.last

    def after(self, n: int) -> list[Event]:
        return [event for event in self._events if event.n > n]

    async def wait(self, n: int, timeout_s: float) -> list[Event]:
        """The events after `n`, as soon as there is one; none when the time is up or the log closes."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        while not (found := self.after(n)) and not self.closed:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not await happens(self._news, left):
                break
        return found or self.after(n)

    def close(self) -> None:
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


async def happens(event: asyncio.Event, timeout_s: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), timeout_s)
    except TimeoutError:
        return False
    return True
