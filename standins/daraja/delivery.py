"""How a callback comes: once, many times, late, again when it was refused."""

import asyncio
from collections.abc import Awaitable, Callable

from standins.daraja.options import DarajaOptions
from standins.shapes import Delivered

AT_ONCE = 20


async def deliver(style: str, post: Callable[[], Awaitable[Delivered]], options: DarajaOptions) -> None:
    """In the style told: `once`, `twenty_at_once`, `late:<seconds>`; `before_ack` is once."""
    if style.startswith("late:"):
        await asyncio.sleep(float(style.removeprefix("late:")))
    times = AT_ONCE if style == "twenty_at_once" else 1
    await asyncio.gather(*(until_taken(post, options) for _ in range(times)))


async def until_taken(post: Callable[[], Awaitable[Delivered]], options: DarajaOptions) -> None:
    for _ in range(options.callback_retries + 1):
        if (await post()).status == 200:
            return
        await asyncio.sleep(options.callback_retry_pause_s)
