"""Asks a part of the outside how it is while nobody knows that it is well, so that /readyz learns when it is again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from trustvoice.watching.health import Health

log = logging.getLogger(__name__)
EVERY = timedelta(seconds=15)


class Probe:
    def __init__(self, health: Health, reach: Callable[[], Awaitable[None]]):
        self._health, self._reach = health, reach

    async def forever(self) -> None:
        """At the start, and then only while the latest call went wrong: what works is told by those who use it."""
        while True:
            if self._health.since is None or not self._health.is_well:
                try:
                    await self._reach()
                except Exception:
                    log.exception("asking how it is did not work")
            await asyncio.sleep(EVERY.total_seconds())
