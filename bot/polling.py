"""Fetching updates ourselves: each is stored before Telegram is told, by the next offset, that it may forget it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from telegram import Bot, Update

from bot.patience import Patience

LONG_POLL = timedelta(seconds=30)
ALLOWED_UPDATES = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)  # unnamed, Telegram keeps the old list
Store = Callable[[list[dict[str, Any]]], Awaitable[None]]


async def poll(bot: Bot, store: Store, patience: Patience) -> None:
    """For ever. Cancelling it loses nothing: what was not stored is not confirmed."""
    await patience.until_it_works("leaving webhook mode", bot.delete_webhook)
    offset: int | None = None
    while True:
        updates = await fetch(bot, offset, patience)
        if updates:
            await keep(store, [update.to_dict() for update in updates], patience)
            offset = updates[-1].update_id + 1


async def fetch(bot: Bot, offset: int | None, patience: Patience) -> tuple[Update, ...]:
    return await patience.until_it_works(
        "fetching from Telegram",
        lambda: bot.get_updates(offset, timeout=LONG_POLL, allowed_updates=ALLOWED_UPDATES),
    )


async def keep(store: Store, bodies: list[dict[str, Any]], patience: Patience) -> None:
    await patience.until_it_works("storing what Telegram sent", lambda: store(bodies))
