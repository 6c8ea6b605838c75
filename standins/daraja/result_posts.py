"""Posting results to the caller's addresses, and writing down what came of it."""

import time
from typing import Literal

from standins.daraja.books import Books
from standins.daraja.delivery import deliver
from standins.daraja.options import DarajaOptions
from standins.events import EventLog
from standins.outbound import Outbound
from standins.shapes import Delivered, JsonObject, ResultCode, ResultSent, encoded

Kind = Literal["payout", "timeout", "status", "balance", "reversal"]


class ResultPosts:
    def __init__(self, options: DarajaOptions, outbound: Outbound, books: Books, events: EventLog) -> None:
        self._options = options
        self._outbound = outbound
        self._books = books
        self._events = events

    async def send(self, kind: Kind, about: str, url: str, content: JsonObject, style: str = "once") -> None:
        """As `deliver` does; `none` is lost on the way."""
        if style == "none":
            self._events.emit("result_lost", about=about)
            return
        await deliver(style, lambda: self.post(kind, about, url, content), self._options)

    async def post(self, kind: Kind, about: str, url: str, content: JsonObject) -> Delivered:
        delivered = await self._outbound.post(url, encoded(content), self._options.callback_timeout_s)
        sent = ResultSent(kind, about, url, delivered.status, delivered.error, code_in(content), time.time())
        self._books.book.results.append(sent)
        self._events.emit("result", sent=sent)
        return delivered


def code_in(content: JsonObject) -> ResultCode | None:
    """The result code that a body claims; None when it is of no known shape, as a timeout notice may be."""
    said = content.get("Result")
    code = said.get("ResultCode") if isinstance(said, dict) else None
    return code if isinstance(code, int | str) else None
