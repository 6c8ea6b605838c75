"""Fetching updates ourselves: each is stored before Telegram is told, by the next offset, that it may forget it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from telegram import Bot, Update

from bot.chat.patience import Patience

LONG_POLL = timedelta(seconds=30)
OUR_TURN_S = 0.5  # how often to look whether it is
ALLOWED_UPDATES = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)  # unnamed, Telegram keeps the old list
Store = Callable[[list[dict[str, Any]]], Awaitable[None]]
MayPoll = Callable[[], bool]  # Telegram lets one process at a time fetch


async def poll(bot: Bot, store: Store, patience: Patience, may_poll: MayPoll) -> None:
    """For ever, whenever it is our turn. Cancelling it loses nothing: what was not stored is not confirmed."""
    while True:
        if may_poll():
            await patience.until_it_works("leaving webhook mode", bot.delete_webhook)
            await poll_in_turn(bot, store, patience, may_poll)
        await asyncio.sleep(OUR_TURN_S)


async def poll_in_turn(bot: Bot, store: Store, patience: Patience, may_poll: MayPoll) -> None:
    offset: int | None = None
    while may_poll():
        updates = await fetch(bot, offset, patience, may_poll)
        if updates:
            await keep(store, [update.to_dict() for update in updates], patience)
            offset = updates[-1].update_id + 1


async def fetch(bot: Bot, offset: int | None, patience: Patience, may_poll: MayPoll) -> tuple[Update, ...]:
    """Nothing when another's turn came meanwhile: two who fetch get a refusal each."""

    async def once() -> tuple[Update, ...]:
        if not may_poll():
            return ()
        return await bot.get_updates(offset, timeout=LONG_POLL, allowed_updates=ALLOWED_UPDATES)

    return await patience.until_it_works("fetching from Telegram", once)


async def keep(store: Store, bodies: list[dict[str, Any]], patience: Patience) -> None:
    await patience.until_it_works("storing what Telegram sent", lambda: store(bodies))
