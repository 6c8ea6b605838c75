"""Sending as a job: done, to be run again at a moment, or raised because it may go better later."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from telegram.error import BadRequest, Forbidden, RetryAfter

from bot import sending
from fundraising.people.donors import Donors
from letters.language import Language, translate

log = logging.getLogger(__name__)


class Delivery:
    def __init__(self, donors: Donors, now: Callable[[], datetime]):
        self._donors, self._now = donors, now

    async def in_language(self, chat_id: int, send: Callable[[Language], Awaitable[object]]) -> datetime | None:
        """In the language of whoever writes in this chat."""
        donor = await self._donors.of_chat(chat_id)
        return await self.to(chat_id, send(translate(donor.language if donor else None)))

    async def to(self, chat_id: int, work: Awaitable[object]) -> datetime | None:
        """Raises NetworkError when nobody knows whether it arrived. (BadRequest is one of its kinds, but final.)"""
        try:
            await work
        except RetryAfter as flood:
            return self._now() + sending.pause_of(flood)
        except Forbidden:
            await self._donors.lost(chat_id)
        except BadRequest as error:
            if sending.chat_is_gone(error):
                await self._donors.lost(chat_id)
            else:
                log.exception("Telegram refused a message for good")
        return None
