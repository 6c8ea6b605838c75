"""M-Pesa paying: it knows what it really paid, and does everything that could make somebody pay twice."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

from mpesa.codes import RECEIVED_BEFORE, Reason
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown
from mpesa.payouts import B2cAccepted, B2cPayment
from tests.simulation.collecting import BUSY
from tests.simulation.options import Options, calm
from tests.simulation.payout_words import UNREADABLE, Named, paid_body, result_body, timeout_body
from tests.simulation.side import Listener, Side, token_of

ENDS = ("2", "4", "8", "2040", "SFC_IC0003")  # codes that end a payment
FLOAT_EMPTY = "1"
INITIATOR_REFUSED = "2001"
ODD = ("17", "26", "7777")  # codes that decide nothing
NOT_REGISTERED = "404"  # how numbers end that M-Pesa does not know
NOT_REACHED = Failed(Reason.NOT_REACHED, "")
REFUSED = Failed(Reason.REFUSED, "400.002.02")
STOPPED = Failed(Reason.INITIATOR_REFUSED, INITIATOR_REFUSED)


class End(StrEnum):
    QUEUED = "queued"
    PAID = "paid"
    FAILED = "failed"


@dataclass
class Transaction:
    """A payment that M-Pesa took into its queue: the truth that books and letters are compared with."""

    payment: B2cPayment
    named: Named  # under v1 by an id of M-Pesa's own
    lies: bool  # questions about it are answered wrongly until all heals
    end: End = End.QUEUED
    receipt: str = ""
    shillings: int = 0  # what really went to the recipient
    heard: bool = False  # its success was answered 200


@dataclass
class Sent:
    """A request of ours, and whether the process lived to read the answer."""

    payment: B2cPayment
    answer: Outcome[B2cAccepted] | None = None
    read: bool = False

    @property
    def may_be_repeated(self) -> bool:
        return self.read and isinstance(self.answer, Failed) and self.answer.not_accepted


class PayingOut(Side):
    def __init__(self, seed: int, options: Options, world: Listener):
        super().__init__("paying", seed, options, world)
        self.transactions: list[Transaction] = []
        self.sent: defaultdict[str, list[Sent]] = defaultdict(list)  # by our id
        self.under_way: set[str] = set()  # requests that still travel
        self.denied: set[str] = set()  # our ids of which it was said, in a way that counts, that they failed
        self.utility = options.float_shillings
        self._numbers = count(1)

    async def b2c(self, payment: B2cPayment, sent: Sent) -> Outcome[B2cAccepted]:
        sent.answer = await self.at_safaricom(self._take(payment))
        if isinstance(sent.answer, Failed) and not sent.answer.not_accepted:
            self.denied.add(payment.originator_id)
        return sent.answer

    def truth(self, originator_id: str) -> End | None:
        """What M-Pesa's statement says, and will go on saying; None when it knows nothing of it."""
        ends = [each.end for each in self._of(originator_id)]
        if originator_id in self.under_way or End.QUEUED in ends:
            return End.QUEUED
        return next((end for end in (End.PAID, End.FAILED) if end in ends), None)

    def paid(self, originator_id: str) -> list[Transaction]:
        return [each for each in self._of(originator_id) if each.end is End.PAID]

    def _of(self, originator_id: str) -> list[Transaction]:
        return [each for each in self.transactions if each.payment.originator_id == originator_id]

    # The request

    async def _take(self, payment: B2cPayment) -> Outcome[B2cAccepted]:
        await asyncio.sleep(self.chance.uniform(0.05, 1))
        if self.happens("payout_lost_before"):
            return Unknown("no answer")
        if self.happens("payout_arrives_late"):
            self.under_way.add(payment.originator_id)
            self.in_background(self._arrive(payment, self.chance.uniform(30, 3600)))
            return Unknown("no answer")
        if self.happens("payout_not_reached"):
            return NOT_REACHED
        if self.happens("payout_busy"):
            return BUSY
        if self.happens("payout_refused"):
            return REFUSED
        return await self._answer(payment)

    async def _arrive(self, payment: B2cPayment, after: float) -> None:
        await asyncio.sleep(after)
        self.under_way.discard(payment.originator_id)
        if not self._is_known(payment):
            self._queue(payment)

    async def _answer(self, payment: B2cPayment) -> Outcome[B2cAccepted]:
        if self.happens("initiator_refused"):
            return STOPPED
        if self._is_known(payment):
            return Unknown(RECEIVED_BEFORE, "500.002.1001")
        transaction = self._queue(payment)
        if self.happens("slow_answer"):
            await asyncio.sleep(self.chance.uniform(1, 9))
        if self.happens("payout_lost_after"):
            return Unknown("no answer")
        if self.happens("payout_answers_500"):
            return Unknown("HTTP 500")
        if self.options.remembers_ids and self.happens("payout_busy_but_acted"):
            return BUSY
        echo = payment.originator_id if self.options.remembers_ids else ""
        return Succeeded(B2cAccepted(transaction.named.conversation_id, echo))

    def _is_known(self, payment: B2cPayment) -> bool:
        """B2C v1 bears no id of ours: M-Pesa recognises nothing that comes twice."""
        return self.options.remembers_ids and bool(self._of(payment.originator_id))

    def _queue(self, payment: B2cPayment) -> Transaction:
        number = next(self._numbers)
        own_id = payment.originator_id if self.options.remembers_ids else f"10571-7910404-{number}"
        transaction = Transaction(payment, Named(own_id, f"AG_{number}"), self.happens("status_lies"))
        self.transactions.append(transaction)
        self.world.note(f"queues {payment.shillings} under {payment.originator_id}")
        self.in_background(self._live(transaction))
        return transaction

    # What becomes of it

    async def _live(self, transaction: Transaction) -> None:
        slow = self.happens("queue_is_slow")
        await asyncio.sleep(self.chance.uniform(600, 21_600) if slow else self.chance.uniform(0.5, 30))
        if self.happens("queue_times_out"):
            self._tell(transaction, "payout/timeout", timeout_body(self.chance, transaction.named))
            await asyncio.sleep(self.chance.uniform(1, 600))
        if self.happens("pays_after_failure"):
            self._say_no(transaction, self.chance.choice(ENDS))
            await asyncio.sleep(self.chance.uniform(1, 3600))
            self._pay(transaction)
        elif transaction.payment.shillings > self.utility:
            self._fail(transaction, FLOAT_EMPTY)
        elif transaction.payment.phone.digits.endswith(NOT_REGISTERED):
            self._fail(transaction, "2040")
        elif self.happens("payout_fails"):
            self._fail(transaction, self.chance.choice(ENDS))
        else:
            self._pay(transaction)

    def _pay(self, transaction: Transaction) -> None:
        other = self.chance.choice((-1, 5)) if self.happens("pays_other_amount") else 0
        transaction.end, transaction.shillings = End.PAID, transaction.payment.shillings + other
        transaction.receipt = f"TB{next(self._numbers):08}"
        self.utility -= transaction.shillings
        mine = transaction.payment.originator_id
        self.world.note(f"pays {transaction.shillings} under {mine}, receipt {transaction.receipt}")
        if self.happens("result_is_odd"):
            self._say_odd(transaction)
        else:
            self._say_yes(transaction)

    def _fail(self, transaction: Transaction, code: str) -> None:
        transaction.end = End.FAILED
        self.world.note(f"does not pay under {transaction.payment.originator_id}: {code}")
        if self.happens("result_is_odd"):
            self._say_odd(transaction)
        else:
            self._say_no(transaction, code)

    def _say_yes(self, transaction: Transaction) -> None:
        for delay in self.copies():
            self.in_background(self._tell_paid(transaction, delay))

    def _say_no(self, transaction: Transaction, code: str) -> None:
        self._tell(transaction, "payout/result", result_body(self.chance, transaction.named, code), denies=True)

    def _say_odd(self, transaction: Transaction) -> None:
        self._tell(transaction, "payout/result", result_body(self.chance, transaction.named, self.chance.choice(ODD)))

    def _tell(self, transaction: Transaction, path: str, body: bytes, denies: bool = False) -> None:
        for delay in self.copies():
            self.in_background(self._post(transaction, path, body, delay, denies))

    async def _post(self, transaction: Transaction, path: str, body: bytes, delay: float, denies: bool) -> None:
        await asyncio.sleep(delay)
        if denies:
            self.denied.add(transaction.payment.originator_id)
        await self.world.deliver(path, token_of(transaction.payment.result_url), body)

    async def _tell_paid(self, transaction: Transaction, delay: float) -> None:
        await asyncio.sleep(delay)
        odd = self.happens("amount_is_odd")
        shillings = UNREADABLE if odd else transaction.shillings
        body = paid_body(self.chance, transaction.named, shillings, transaction.receipt, self.utility)
        token = token_of(transaction.payment.result_url)
        heard = await self.world.deliver("payout/result", token, body)
        transaction.heard |= heard and not odd

    # When all heals

    def heal(self) -> None:
        self.options = calm(self.options)
        self.utility = max(self.utility, self.options.float_shillings)
        for transaction in self.transactions:
            transaction.lies = False

    def tell_again(self) -> None:
        for transaction in self.transactions:
            if transaction.end is End.PAID and not transaction.heard:
                self.in_background(self._tell_paid(transaction, self.delay()))
