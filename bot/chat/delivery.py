"""Sending as a job: done, to be run again at a moment, or raised because it may go better later."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from telegram import Bot, Message
from telegram.error import BadRequest, Forbidden, RetryAfter

from bot.chat import sending
from fundraising.messages import Telling, Told
from fundraising.missed import Unreachable
from fundraising.people.donors import Donors
from fundraising.use_cases import UseCases
from letters.language import Language, translate

log = logging.getLogger(__name__)


class Delivery:
    def __init__(self, donors: Donors, told: Told, now: Callable[[], datetime]):
        self._donors, self._told, self._now = donors, told, now

    async def in_language(
        self, chat_id: int, send: Callable[[Language], Awaitable[object]], telling: Telling | None = None
    ) -> datetime | None:
        """In the language of whoever writes in this chat."""
        donor = await self._donors.of_chat(chat_id)
        return await self.to(chat_id, send(translate(donor.language if donor else None)), telling)

    async def to(self, chat_id: int, work: Awaitable[object], telling: Telling | None = None) -> datetime | None:
        """Raises NetworkError when nobody knows whether it arrived. (BadRequest is one of its kinds, but final.)
        Raises Unreachable when the chat is closed to us.

        `telling`: what is noted as told once Telegram has taken it; `work` then returns the message or its id, or
        None when there was nothing to show it in.
        """
        try:
            sent = await work
        except RetryAfter as flood:
            return self._now() + sending.pause_of(flood)
        except Forbidden as error:
            await self._donors.lost(chat_id)
            raise Unreachable(chat_id) from error
        except BadRequest as error:
            if sending.chat_is_gone(error):
                await self._donors.lost(chat_id)
                raise Unreachable(chat_id) from error
            log.exception("Telegram refused a message for good")
        else:
            if telling and (message_id := id_of(sent)):
                await self._note(telling, chat_id, message_id)
        return None

    async def _note(self, telling: Telling, chat_id: int, message_id: int) -> None:
        """The message was delivered: that it could not be noted is no reason to send it again."""
        log.info("told %s: %s", telling.audience, telling.what, extra={"payment": telling.payment})
        try:
            await self._told.note(telling, chat_id, message_id)
        except Exception:
            log.exception("what was told of %s was not noted", telling.payment)


class Notifier:
    """Base of the job handlers that tell people something. Each loads anew and tells only what is still true.

    It returns None when the job is done, or when to run again, and raises what may go better later.
    """

    def __init__(self, bot: Bot, use_cases: UseCases, now: Callable[[], datetime]):
        self._bot, self._use_cases, self._now = bot, use_cases, now
        self._delivery = Delivery(use_cases.donors, use_cases.told, now)


def id_of(sent: object) -> int | None:
    if isinstance(sent, Message):
        return sent.message_id
    return sent if isinstance(sent, int) and not isinstance(sent, bool) else None
