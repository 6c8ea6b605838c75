"""What the handlers find in the application."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from fundraising.use_cases import UseCases


@dataclass(frozen=True)
class TelegramInbox:
    secret: str
    store: Callable[[list[dict[str, Any]]], Awaitable[None]]


class NotKept(Exception):
    """Neither the database nor the spool has the callback: M-Pesa must not be told that we have it."""


@dataclass(frozen=True)
class Callbacks:
    """`take` returns when the callback (its kind, token and body) is durable. Raises NotJson, NotKept, other faults."""

    take: Callable[[str, str | None, bytes], Awaitable[None]]


@dataclass(frozen=True)
class Readiness:
    """Each part's own word on how it is; `storage` alone decides whether callbacks can be taken."""

    storage: Callable[[], Awaitable[bool]]
    others: dict[str, Callable[[], bool]]
    since: Callable[[str], datetime | None] = lambda _part: None  # when a part became what it is


@dataclass(frozen=True)
class Metrics:
    """`render`: the page that Prometheus reads. `callback`: is told each callback's kind, outcome and seconds."""

    render: Callable[[], Awaitable[bytes]]
    callback: Callable[[str, str, float], None]
    known: set[bytes] = field(default_factory=set)  # hashes of the keys that were let in


BotUsername = Callable[[], str | None]  # None until Telegram has told it

USE_CASES = web.AppKey("use_cases", UseCases)
TELEGRAM_INBOX = web.AppKey("telegram_inbox", TelegramInbox)
CALLBACKS = web.AppKey("callbacks", Callbacks)
METRICS = web.AppKey("metrics", Metrics)
BOOKS = web.AppKey("books", str)  # a mark of the books that this program keeps
READINESS = web.AppKey("readiness", Readiness)
