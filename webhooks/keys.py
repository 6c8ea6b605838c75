"""What the handlers find in the application."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from fundraising.use_cases import UseCases


@dataclass(frozen=True)
class TelegramInbox:
    secret: str
    store: Callable[[list[dict[str, Any]]], Awaitable[None]]


@dataclass(frozen=True)
class Readiness:
    """Each part's own word on how it is; `storage` alone decides whether callbacks can be taken."""

    storage: Callable[[], Awaitable[bool]]
    others: dict[str, Callable[[], bool]]


USE_CASES = web.AppKey("use_cases", UseCases)
TELEGRAM_INBOX = web.AppKey("telegram_inbox", TelegramInbox)
READINESS = web.AppKey("readiness", Readiness)
