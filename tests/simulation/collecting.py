"""M-Pesa taking money: it knows what it really took, and has every bad habit that was observed or must be feared."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from mpesa.client import PushAccepted, StkPush
from mpesa.codes import Reason
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown
from tests.simulation.options import Options, calm
from tests.simulation.phones import FINAL, UNLISTED, Step, doings
from tests.simulation.side import Listener, Side, token_of
from tests.simulation.words import callback_body

BUSY = Failed(Reason.BUSY, "500.003.02")
PHONE_BUSY = Failed(Reason.PHONE_BUSY, "500.001.1001", "Unable to lock subscriber")


@dataclass
class Prompt:
    push: StkPush
    checkout_id: str
    lies: bool  # questions about it are answered wrongly until all heals
    last_code: str | None = None  # None: nothing is decided
    receipts: list[str] = field(default_factory=list)

    @property
    def token(self) -> str:
        return token_of(self.push.callback_url)


@dataclass
class Payment:
    """Money that M-Pesa took: the truth that the books are compared with."""

    receipt: str
    shillings: int
    prompt: Prompt
    at: datetime
    heard: bool = False  # its callback was answered 200


@dataclass(frozen=True)
class Said:
    """That it failed, said in a way that counts, or in a question's answer."""

    at: datetime
    code: str
    by_query: bool


class Collecting(Side):
    def __init__(self, seed: int, options: Options, world: Listener):
        super().__init__("collecting", seed, options, world)
        self.prompts: dict[str, Prompt] = {}  # by checkout id
        self.payments: list[Payment] = []
        self.attempts: Counter[str] = Counter()  # pushes, by reference
        self.not_accepted: Counter[str] = Counter()  # how often it said that nothing happened
        self.negatives: defaultdict[str, list[Said]] = defaultdict(list)
        self._numbers = count(100)  # no CheckoutRequestID is given twice: the first were used up by the template

    # What the program asks

    async def stk_push(self, push: StkPush) -> Outcome[PushAccepted]:
        self.attempts[push.reference] += 1
        return await self.at_safaricom(self._take_push(push))

    async def stk_query(self, checkout_id: str) -> Outcome[None]:
        return await self.at_safaricom(self._take_query(checkout_id))

    async def _take_push(self, push: StkPush) -> Outcome[PushAccepted]:
        await asyncio.sleep(self.chance.uniform(0.05, 1))
        answer: Outcome[PushAccepted]
        if self.happens("push_lost_before"):
            answer = Unknown("no answer")
        elif self.happens("not_reached"):
            answer = Failed(Reason.NOT_REACHED, "")
        elif self.happens("busy"):
            answer = BUSY
        elif self.happens("refused"):
            answer = Failed(Reason.REFUSED, "400.002.02")
        elif self._is_ringing(push):
            answer = PHONE_BUSY
        else:
            answer = await self._ring(push)
        self._remember(push.reference, answer)
        return answer

    async def _ring(self, push: StkPush) -> Outcome[PushAccepted]:
        prompt = Prompt(push, f"ws_CO_{next(self._numbers)}", self.happens("query_lies"))
        self.prompts[prompt.checkout_id] = prompt
        self.world.note(f"phone rings for {push.reference}: {push.shillings}")
        self.in_background(self._live(prompt))
        if self.happens("slow_answer"):
            await asyncio.sleep(self.chance.uniform(1, 9))
        if self.happens("push_lost_after"):
            return Unknown("no answer")
        if self.happens("busy_but_acted"):
            return BUSY
        return Succeeded(PushAccepted(prompt.checkout_id, f"m-{prompt.checkout_id}"))

    async def _take_query(self, checkout_id: str) -> Outcome[None]:
        await asyncio.sleep(self.chance.uniform(0.05, 3))
        prompt = self.prompts[checkout_id]
        if self.happens("query_unknown") or (prompt.last_code in (None, UNLISTED) and not prompt.receipts):
            return Unknown("still processing", "4999")
        if prompt.receipts and not prompt.lies:
            return Succeeded(None)
        code = prompt.last_code if prompt.last_code and not prompt.receipts else "1032"
        self._say_no(prompt.push.reference, code, by_query=True)
        return Failed(Reason.CANCELLED, code)

    def _remember(self, reference: str, answer: Outcome[PushAccepted]) -> None:
        if isinstance(answer, Failed):
            if answer.not_accepted:
                self.not_accepted[reference] += 1
            self._say_no(reference, answer.code, by_query=False)

    def _is_ringing(self, push: StkPush) -> bool:
        return any(p.last_code is None and p.push.phone == push.phone for p in self.prompts.values())

    # What happens at the phone, and what is told of it

    async def _live(self, prompt: Prompt) -> None:
        for doing in doings(self.chance, self.options):
            await asyncio.sleep(doing.after)
            shillings = prompt.push.shillings + doing.more
            payment = self._debit(prompt, shillings) if doing.step is Step.PAY else None
            prompt.last_code = doing.code
            self._tell(prompt, doing.code, payment)

    def _debit(self, prompt: Prompt, shillings: int) -> Payment:
        payment = Payment(f"TK{next(self._numbers):08}", shillings, prompt, self.world.now())
        prompt.receipts.append(payment.receipt)
        self.payments.append(payment)
        self.world.note(f"takes {shillings} for {prompt.push.reference}, receipt {payment.receipt}")
        return payment

    def _tell(self, prompt: Prompt, code: str, payment: Payment | None) -> None:
        for delay in self.copies():
            self.in_background(self._call_back(prompt, code, payment, delay))

    async def _call_back(self, prompt: Prompt, code: str, payment: Payment | None, delay: float) -> None:
        await asyncio.sleep(delay)
        if payment is None and code in FINAL:
            self._say_no(prompt.push.reference, code, by_query=False)
        body = callback_body(self.chance, prompt.checkout_id, code, payment)
        if other := self._crossed_with(prompt):
            await self.world.deliver("stk", other.token, body)
            return
        heard = await self.world.deliver("stk", prompt.token, body)
        if payment:
            payment.heard = payment.heard or heard

    def _crossed_with(self, prompt: Prompt) -> Prompt | None:
        """Another donation's prompt, whose token the callback comes with; only where the program knows the id in it."""
        others = [each for each in self.prompts.values() if each.push.reference != prompt.push.reference]
        if not others or not self.world.knows_prompt(prompt.checkout_id) or not self.happens("answers_cross"):
            return None
        return self.chance.choice(others)

    def _say_no(self, reference: str, code: str, by_query: bool) -> None:
        self.negatives[reference].append(Said(self.world.now(), code, by_query))

    # When all heals

    def heal(self) -> None:
        """Faults end. Of what was never heard some is told now; the rest must be found out by asking."""
        self.options = calm(self.options)
        for prompt in self.prompts.values():
            prompt.lies = False
        self.tell_again([payment for payment in self.payments if not payment.heard and self.chance.random() < 0.5])

    def tell_again(self, payments: list[Payment]) -> None:
        for payment in payments:
            self.in_background(self._call_back(payment.prompt, "0", payment, self.delay()))

    def told_it_failed(self, reference: str, gap: timedelta) -> bool:
        """By a callback or an answer to the push, or by two agreeing answers to questions, `gap` apart."""
        said = self.negatives[reference]
        asked: dict[str, list[datetime]] = defaultdict(list)
        for no in said:
            if no.by_query:
                asked[no.code].append(no.at)
        return any(not no.by_query for no in said) or any(max(at) - min(at) >= gap for at in asked.values())

    def receipts_of(self, phone: str) -> list[str]:
        """What the donor finds in M-Pesa's messages, the newest first."""
        return [payment.receipt for payment in reversed(self.payments) if payment.prompt.push.phone.digits == phone]

    def paid_under(self, receipt: str) -> Payment | None:
        return next((payment for payment in self.payments if payment.receipt == receipt), None)
