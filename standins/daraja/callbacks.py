"""The callback about a push: its exact shape, and its delivery."""

import time

from standins.daraja.books import Books
from standins.daraja.delivery import deliver
from standins.daraja.options import DarajaOptions
from standins.daraja.results import description
from standins.events import EventLog
from standins.outbound import Outbound
from standins.shapes import CallbackSent, Delivered, JsonObject, Push, encoded


def body(push: Push, code: int, metadata: JsonObject | None = None) -> JsonObject:
    """A failure has no metadata at all."""
    said: JsonObject = {
        "MerchantRequestID": push.merchant_request_id,
        "CheckoutRequestID": push.checkout_id,
        "ResultCode": code,
        "ResultDesc": description(code),
    }
    if metadata is not None:
        said["CallbackMetadata"] = metadata
    return {"Body": {"stkCallback": said}}


def metadata(shillings: int | float, receipt: str, stamp: int, phone: str) -> JsonObject:
    """As recorded since 2017: a decimal amount (1.0), a Balance without Value, date and phone as numbers."""
    items: list[JsonObject] = [
        {"Name": "Amount", "Value": float(shillings)},
        {"Name": "MpesaReceiptNumber", "Value": receipt},
        {"Name": "Balance"},
        {"Name": "TransactionDate", "Value": stamp},
        {"Name": "PhoneNumber", "Value": int(phone)},
    ]
    return {"Item": items}


class Callbacks:
    def __init__(self, options: DarajaOptions, outbound: Outbound, books: Books, events: EventLog) -> None:
        self._options = options
        self._outbound = outbound
        self._books = books
        self._events = events
        self.last: dict[str, JsonObject] = {}

    async def send(self, push: Push, content: JsonObject, style: str) -> None:
        """As `deliver` does; `none` is lost on the way."""
        self.last[push.checkout_id] = content
        if style == "none":
            self._events.emit("callback_lost", checkout_id=push.checkout_id)
            return
        await deliver(style, lambda: self.post(push.checkout_id, push.callback_url, content), self._options)

    async def post(self, checkout_id: str, url: str, content: JsonObject) -> Delivered:
        delivered = await self._outbound.post(url, encoded(content), self._options.callback_timeout_s)
        sent = CallbackSent(checkout_id, url, delivered.status, delivered.error, code_in(content), time.time())
        self._books.book.callbacks.append(sent)
        self._events.emit("callback", sent=sent)
        return delivered


def code_in(content: JsonObject) -> int:
    """The result code that a body claims; -1 when it is of no known shape."""
    inner = content.get("Body")
    said = inner.get("stkCallback") if isinstance(inner, dict) else None
    code = said.get("ResultCode") if isinstance(said, dict) else None
    return code if isinstance(code, int) else -1
