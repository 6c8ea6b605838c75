"""Waiting for what no event tells."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
PAUSE_S = 0.1


async def until(look: Callable[[], Awaitable[T | None]], within_s: float) -> T:
    """What `look` found; raises TimeoutError when it finds nothing in time."""
    async with asyncio.timeout(within_s):
        while True:
            if found := await look():
                return found
            await asyncio.sleep(PAUSE_S)
