"""Requests to Telegram that somebody outside the bot counts."""

import time
from collections.abc import Callable
from typing import Any

from telegram.error import NetworkError
from telegram.request import HTTPXRequest

Observe = Callable[[str, int | None, float], None]  # the method; HTTP's status, None without an answer; the seconds


def nobody_observes(_method: str, _status: int | None, _seconds: float) -> None:
    return


class ObservedRequest(HTTPXRequest):
    def __init__(self, observe: Observe, **settings: Any):
        super().__init__(**settings)
        self._observe = observe

    async def do_request(self, url: str, method: str, *args: Any, **settings: Any) -> tuple[int, bytes]:
        started = time.perf_counter()
        try:
            status, body = await super().do_request(url, method, *args, **settings)
        except NetworkError:
            self._observe(name_in(url), None, time.perf_counter() - started)
            raise
        self._observe(name_in(url), status, time.perf_counter() - started)
        return status, body


def name_in(url: str) -> str:
    """`sendMessage`; the rest of the address contains the bot's token, or is a file's."""
    last = url.rpartition("/")[2]
    return last if last.isalpha() else "download"
