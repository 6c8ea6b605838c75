"""A bot whose messages arrive also when Telegram refuses their formatting: once more, as plain text."""

import logging
import re
from collections.abc import Awaitable, Callable
from html import unescape
from typing import Any

from telegram.error import BadRequest
from telegram.ext import ExtBot

log = logging.getLogger(__name__)
TAG = re.compile(r"</?[a-z][^<>]*>")
TEXTS = ("text", "caption")
Alarmed = Callable[[int], Awaitable[None]]  # in which chat


class PlainAgainBot(ExtBot[int]):
    def __init__(self, token: str, alarmed: Alarmed, **settings: Any):
        super().__init__(token, **settings)
        with self._unfrozen():
            self._alarmed = alarmed

    async def _do_post(self, endpoint: str, data: dict[str, Any], **timeouts: Any) -> Any:
        try:
            return await super()._do_post(endpoint, data, **timeouts)
        except BadRequest as error:
            if "can't parse entities" not in error.message.lower() or not data.get("parse_mode"):
                raise
            log.exception("Telegram refused the formatting of a message; it is sent as plain text")
        answer = await super()._do_post(endpoint, plain(data), **timeouts)
        await self._alarm(data.get("chat_id", 0))
        return answer

    async def _alarm(self, chat_id: int) -> None:
        """The message has arrived: that nobody could be told why is no reason to send it again."""
        try:
            await self._alarmed(chat_id)
        except Exception:
            log.exception("the owners were not told of a refused formatting")


def plain(data: dict[str, Any]) -> dict[str, Any]:
    unformatted = {name: value for name, value in data.items() if name != "parse_mode"}
    return unformatted | {name: unescape(TAG.sub("", data[name])) for name in TEXTS if name in data}
