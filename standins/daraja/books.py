"""What M-Pesa really moved, was asked for, and said."""

import time

from standins.daraja import clock, identifiers
from standins.events import EventLog
from standins.shapes import Book, Moved, Push


class Books:
    def __init__(self, business: str, events: EventLog) -> None:
        self._business = business
        self._events = events
        self.book = Book()

    def reset(self) -> None:
        self.book = Book()

    def push(self, checkout_id: str) -> Push | None:
        return next((push for push in self.book.pushes if push.checkout_id == checkout_id), None)

    def move(self, push: Push, shillings: int) -> Moved:
        """Takes the payer's money, and tells the payer by SMS."""
        moved = Moved(self._new_receipt(), push.phone, shillings, push.reference, push.checkout_id, time.time())
        self.book.moved.append(moved)
        self._events.emit("moved", moved=moved)
        self._events.emit("sms", phone=push.phone, text=self._sms(moved))
        return moved

    def _new_receipt(self) -> str:
        used = {moved.receipt for moved in self.book.moved}
        return next(receipt for receipt in iter(identifiers.receipt, "") if receipt not in used)

    def _sms(self, moved: Moved) -> str:
        at = clock.now()
        hour = f"{at.hour % 12 or 12}:{at:%M} {at:%p}"
        return (
            f"{moved.receipt} Confirmed. Ksh{moved.shillings:,}.00 sent to {self._business} for account "
            f"{moved.reference} on {at.day}/{at.month}/{at:%y} at {hour}. Transaction cost, Ksh0.00."
        )
