"""M-Pesa answering questions: taken or not, answered late, wrongly or never."""

import asyncio
from dataclasses import replace
from itertools import count

from mpesa.outcome import Outcome, Succeeded, Unknown
from mpesa.payouts import BalanceQuestion, StatusQuestion
from tests.simulation.collecting import BUSY, Collecting
from tests.simulation.options import Options, calm
from tests.simulation.paying_out import STOPPED, End, PayingOut, Transaction
from tests.simulation.payout_words import UNREADABLE, Fact, Named, balance_body, status_body, timeout_body
from tests.simulation.side import Listener, Side, token_of

OURS = "600999 - NGO"
UNDER_WAY = ("Authorized", "Initiated")
UNPAID = ("Declined", "Cancelled", "Expired")
FEE = "22.40"


class Answering(Side):
    def __init__(self, seed: int, options: Options, world: Listener, collecting: Collecting, paying: PayingOut):
        super().__init__("answering", seed, options, world)
        self._collecting, self._paying = collecting, paying
        self._numbers = count(1)

    async def transaction_status(self, question: StatusQuestion) -> Outcome[str]:
        return await self.at_safaricom(self._take(question))

    async def account_balance(self, question: BalanceQuestion) -> Outcome[str]:
        return await self.at_safaricom(self._take(question))

    async def _take(self, question: StatusQuestion | BalanceQuestion) -> Outcome[str]:
        await asyncio.sleep(self.chance.uniform(0.05, 3))
        if self.happens("initiator_refused"):
            return STOPPED
        if self.happens("question_not_taken"):
            return BUSY if self.chance.random() < 0.5 else Unknown("no answer")
        named = Named(f"question-{next(self._numbers)}", f"AG_Q{next(self._numbers)}")
        if not self.happens("question_unanswered"):
            self.in_background(self._answer(question, named))
        return Succeeded(named.conversation_id)

    async def _answer(self, question: StatusQuestion | BalanceQuestion, named: Named) -> None:
        for delay in self.copies():
            await asyncio.sleep(delay)
            token = token_of(question.result_url)
            if isinstance(question, BalanceQuestion):
                await self.world.deliver("balance", token, balance_body(self.chance, named, self._paying.utility))
            elif self.happens("queue_times_out"):
                await self.world.deliver("status", token, timeout_body(self.chance, named))
            else:
                await self.world.deliver("status", token, status_body(self.chance, named, self._worded(question)))

    def _worded(self, question: StatusQuestion) -> Fact | None:
        fact = self._find(question)
        odd = fact and fact.status == "Completed" and self.happens("amount_is_odd")
        return replace(fact, shillings=UNREADABLE) if fact and odd else fact

    def _find(self, question: StatusQuestion) -> Fact | None:
        if self.happens("question_finds_nothing"):
            return None
        if question.receipt is not None:
            return self._collected(question.receipt)
        known = [each for each in self._paying.transactions if each.named.originator_id == question.originator_id]
        others = [each for each in self._paying.transactions if each.named.originator_id != question.originator_id]
        if others and self.options.remembers_ids and self.happens("answers_cross"):
            other = self.chance.choice(others)
            return replace(self._told(other), originator_id=other.named.originator_id)
        return self._paid(known[0]) if known else None

    def _collected(self, receipt: str) -> Fact | None:
        payment = self._collecting.paid_under(receipt)
        if payment is None:
            return None
        payer = f"{payment.prompt.push.phone.digits} - Somebody"
        return Fact("Completed", payment.shillings, receipt, payer, OURS, payment.at)

    def _paid(self, known: Transaction) -> Fact:
        if known.end is End.FAILED or known.lies:
            self._paying.denied.add(known.payment.originator_id)
        fact = self._told(known)
        fills_it = self.options.remembers_ids and self.chance.random() < 0.5
        return replace(fact, originator_id=known.named.originator_id) if fills_it else fact

    def _told(self, known: Transaction) -> Fact:
        payee, now = f"{known.payment.phone.digits} - Somebody", self.world.now()
        if known.end is End.QUEUED:
            return Fact(self.chance.choice(UNDER_WAY), known.payment.shillings, "", OURS, payee, now)
        if known.end is End.FAILED or known.lies:
            return Fact(self.chance.choice(UNPAID), known.payment.shillings, "", OURS, payee, now)
        return Fact("Completed", known.shillings, known.receipt, OURS, payee, now, FEE)

    def heal(self) -> None:
        self.options = calm(self.options)
