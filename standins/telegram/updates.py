"""Updates on their way to the bot: numbered, kept until it took them, fetched by it or posted to it."""

import asyncio
import itertools
import time
from dataclasses import dataclass

from standins.background import Background
from standins.events import EventLog, happens
from standins.outbound import Outbound
from standins.shapes import Delivered, JsonObject, encoded
from standins.telegram.options import TelegramOptions
from standins.telegram.refusals import Conflict

FIRST_UPDATE_ID = 100_000_001
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(frozen=True, eq=False)
class Update:
    id: int
    kind: str
    chat_id: int
    content: JsonObject

    def as_json(self) -> JsonObject:
        return {"update_id": self.id, self.kind: self.content}


@dataclass
class Webhook:
    url: str
    secret: str | None
    max_connections: int
    last_error: str | None = None
    last_error_date: int | None = None


class Updates:
    def __init__(self, options: TelegramOptions, outbound: Outbound, background: Background, events: EventLog) -> None:
        self._options = options
        self._outbound = outbound
        self._background = background
        self._events = events
        self._ids = itertools.count(FIRST_UPDATE_ID)
        self._polls = 0
        self._news = asyncio.Event()
        self._pointed_anew = asyncio.Event()
        self._again: list[Update] = []
        self._delivering: set[int] = set()
        self._closed = False
        self.pending: list[Update] = []
        self.last: Update | None = None
        self.allowed: list[str] | None = None
        self.webhook: Webhook | None = None

    def add(self, kind: str, chat_id: int, content: JsonObject) -> int | None:
        """The update's id, or None when the bot did not ask for this kind."""
        if self.allowed and kind not in self.allowed:
            return None
        self.last = Update(next(self._ids), kind, chat_id, content)
        self.pending.append(self.last)
        self.wake()
        return self.last.id

    def repeat(self, update: Update) -> None:
        """The same update once more, although the bot has taken it."""
        (self.pending if self.webhook else self._again).append(update)
        self.wake()

    def point_at(self, webhook: Webhook | None) -> None:
        self.webhook = webhook
        self._pointed_anew.set()
        self._pointed_anew = asyncio.Event()
        self.wake()

    def forget(self) -> None:
        self.pending.clear()
        self._again.clear()

    def close(self) -> None:
        self._closed = True
        self.wake()

    async def fetch(self, offset: int, limit: int, timeout_s: float) -> list[JsonObject]:
        self._polls += 1
        mine = self._polls
        self.wake()
        self._confirm(offset)
        deadline = asyncio.get_running_loop().time() + timeout_s
        while True:
            if self.webhook:
                raise Conflict(WEBHOOK_ACTIVE)
            if mine != self._polls:
                raise Conflict(OTHER_POLL)
            left = deadline - asyncio.get_running_loop().time()
            if self.pending or self._again or left <= 0 or self._closed:
                return self._batch(limit)
            await happens(self._news, left)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [update for update in self.pending if update.id >= offset]

    def _batch(self, limit: int) -> list[JsonObject]:
        again, self._again = self._again, []
        return [update.as_json() for update in again + self.pending[:limit]]

    def wake(self) -> None:
        """Tells whoever fetches, and whoever delivers, to look again."""
        self._news.set()
        self._news = asyncio.Event()
        if not self.webhook or self._closed:
            return
        for chat_id in {update.chat_id for update in self.pending} - self._delivering:
            self._delivering.add(chat_id)
            self._background.start(self._deliver(chat_id))

    async def _deliver(self, chat_id: int) -> None:
        """Posts one chat's updates in order; a refused one is tried again, later and later."""
        pause_s = self._options.retry_first_s
        try:
            while self.webhook and (update := self._next(chat_id)):
                if await self._post(self.webhook, update):
                    self.pending = [kept for kept in self.pending if kept is not update]
                    pause_s = self._options.retry_first_s
                else:
                    await happens(self._pointed_anew, pause_s)
                    pause_s = min(pause_s * 2, self._options.retry_max_s)
        finally:
            self._delivering.discard(chat_id)

    def _next(self, chat_id: int) -> Update | None:
        return next((update for update in self.pending if update.chat_id == chat_id), None)

    async def _post(self, webhook: Webhook, update: Update) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        body = encoded(update.as_json())
        answer = await self._outbound.post(webhook.url, body, self._options.webhook_timeout_s, headers)
        self._events.emit("webhook", update_id=update.id, status=answer.status, error=answer.error)
        accepted = answer.status is not None and 200 <= answer.status < 300
        if not accepted:
            self._blame(webhook, answer)
        return accepted

    def _blame(self, webhook: Webhook, answer: Delivered) -> None:
        webhook.last_error = (
            f"Wrong response from the webhook: {answer.status}"
            if answer.status
            else answer.error or "Connection failed"
        )
        webhook.last_error_date = int(time.time())
