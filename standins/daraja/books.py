"""What M-Pesa really moved, was asked for, and said."""

import time
from copy import copy

from standins.daraja import clock, identifiers
from standins.daraja.names import Names
from standins.daraja.options import DarajaOptions
from standins.daraja.tariff import fee_of
from standins.events import EventLog
from standins.shapes import Accounts, Book, Moved, Paid, Push, Reversed


class Books:
    def __init__(self, options: DarajaOptions, names: Names, events: EventLog) -> None:
        self._options = options
        self._names = names
        self._events = events
        self.reset()

    def reset(self) -> None:
        self.book = Book(accounts=Accounts(utility=self._options.float_shillings))

    def push(self, checkout_id: str) -> Push | None:
        return next((push for push in self.book.pushes if push.checkout_id == checkout_id), None)

    def moved(self, receipt: str) -> Moved | None:
        return next((moved for moved in self.book.moved if moved.receipt == receipt), None)

    def is_reversed(self, receipt: str) -> bool:
        return any(each.original == receipt for each in self.book.reversed)

    def move(self, push: Push, shillings: int) -> Moved:
        """Takes the payer's money, and tells the payer by SMS."""
        moved = Moved(self._new_receipt(), push.phone, shillings, push.reference, push.checkout_id, time.time())
        self.book.moved.append(moved)
        self.book.accounts.collection += shillings
        self._events.emit("moved", moved=moved)
        sent = f"{ksh(shillings)} sent to {self._options.business} for account {moved.reference}"
        self._sms(push.phone, "payer", f"{moved.receipt} Confirmed. {sent} on {now()}. Transaction cost, Ksh0.00.")
        self.tell_accounts()
        return moved

    def pay(self, originator_id: str, conversation_id: str, phone: str, shillings: int) -> Paid:
        """Sends our money, charges the fee, and tells the recipient by SMS."""
        fee = fee_of(shillings, self._options.payout_fee)
        paid = Paid(originator_id, conversation_id, self._new_receipt(), phone, shillings, fee, time.time())
        self.book.paid.append(paid)
        self.book.times_paid[originator_id] = self.book.times_paid.get(originator_id, 0) + 1
        self.book.accounts.utility -= shillings
        self.book.accounts.charges_paid -= fee
        self._events.emit("paid", paid=paid, name=self._names.of(phone))
        sender = f"{self._options.paying_shortcode} - {self._options.business}"
        received = f"You have received {ksh(shillings)} from {sender}"
        self._sms(phone, "recipient", f"{paid.receipt} Confirmed. {received} on {now()}.")
        self.tell_accounts()
        return paid

    def give_back(self, moved: Moved, shillings: int) -> Reversed:
        """Returns a payer's money, and tells the payer by SMS."""
        back = Reversed(self._new_receipt(), moved.receipt, moved.phone, shillings, time.time())
        self.book.reversed.append(back)
        self.book.accounts.collection -= shillings
        self._events.emit("reversed", reversed=back)
        said = f"Transaction {moved.receipt} has been reversed. {ksh(shillings)} is credited to your account"
        self._sms(moved.phone, "payer", f"{back.receipt} Confirmed. {said} on {now()}.")
        self.tell_accounts()
        return back

    def set_float(self, shillings: int) -> None:
        self.book.accounts.utility = shillings
        self.tell_accounts()

    def tell_accounts(self) -> None:
        self._events.emit("accounts", accounts=copy(self.book.accounts))

    def _sms(self, phone: str, to: str, text: str) -> None:
        self._events.emit("sms", phone=phone, to=to, text=text)

    def _new_receipt(self) -> str:
        book = self.book
        used = {each.receipt for each in book.moved} | {each.receipt for each in book.paid + book.reversed}
        return next(receipt for receipt in iter(identifiers.receipt, "") if receipt not in used)


def ksh(shillings: int) -> str:
    return f"Ksh{shillings:,}.00"


def now() -> str:
    """As M-Pesa's messages write it: 6/7/26 at 10:48 PM."""
    at = clock.now()
    return f"{at.day}/{at.month}/{at:%y} at {at.hour % 12 or 12}:{at:%M} {at:%p}"
