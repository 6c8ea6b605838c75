"""An M-Pesa that keeps a book of its own, and says what is in it only when it is asked, or made to."""

from dataclasses import dataclass, field

from fundraising.use_cases import UseCases
from mpesa.client import PushAccepted, StkPush
from mpesa.codes import Reason
from mpesa.outcome import Failed, Outcome, Succeeded
from mpesa.payouts import B2cAccepted, B2cPayment, BalanceQuestion, StatusQuestion
from tests.fakes import accepted, b2c_result, callback, status_result


@dataclass
class Bank:
    """A push is paid unless its number is in `refusing`; so is a payment."""

    took: dict[str, StkPush] = field(default_factory=dict)  # by CheckoutRequestID, what a donor paid
    refused: dict[str, StkPush] = field(default_factory=dict)
    sent: dict[str, B2cPayment] = field(default_factory=dict)  # by OriginatorConversationID
    unpaid: set[str] = field(default_factory=set)
    questions: list[StatusQuestion] = field(default_factory=list)
    refuse: bool = False
    away: bool = False  # out of reach: nothing arrives

    async def stk_push(self, push: StkPush) -> Outcome[PushAccepted]:
        if self.away:
            return Failed(Reason.NOT_REACHED, "")
        answer = accepted(len(self.took) + len(self.refused) + 1)
        (self.refused if self.refuse else self.took)[answer.checkout_id] = push
        return Succeeded(answer)

    async def stk_query(self, checkout_id: str) -> Outcome[None]:
        return Succeeded(None) if checkout_id in self.took else Failed(Reason.CANCELLED, "1032")

    async def b2c(self, payment: B2cPayment) -> Outcome[B2cAccepted]:
        if self.away:
            return Failed(Reason.NOT_REACHED, "")
        assert payment.originator_id not in self.sent, "the same payment was sent twice"
        self.sent[payment.originator_id] = payment
        if self.refuse:
            self.unpaid.add(payment.originator_id)
        return Succeeded(B2cAccepted(f"AG_{len(self.sent)}", payment.originator_id))

    async def transaction_status(self, question: StatusQuestion) -> Outcome[str]:
        self.questions.append(question)
        return Succeeded("AG_question")

    async def account_balance(self, question: BalanceQuestion) -> Outcome[str]:
        return Succeeded("AG_question")

    async def call_back(self, use_cases: UseCases, checkout_id: str) -> None:
        push = self.took.get(checkout_id) or self.refused[checkout_id]
        code = 0 if checkout_id in self.took else 1032
        said = callback(checkout_id, code, push.shillings, f"TKM{checkout_id[6:]:0>7}")
        await use_cases.paying.mailbox.prompt_result(push.callback_url.rpartition("/")[2], said)

    async def tell_result(self, use_cases: UseCases, originator_id: str) -> None:
        payment = self.sent[originator_id]
        code = 8 if originator_id in self.unpaid else 0
        number = list(self.sent).index(originator_id)
        said = b2c_result(originator_id, code, payment.shillings, f"TKB{number:0>7}", f"AG_{number + 1}")
        await use_cases.paying.mailbox.payment_result(payment.result_url.rpartition("/")[2], said)

    async def answer_questions(self, use_cases: UseCases) -> None:
        """What was sent and not paid is declined; of what it never heard, it says nothing."""
        questions, self.questions = self.questions, []
        for question in questions:
            payment = self.sent.get(question.originator_id or "")
            if payment:
                number = list(self.sent).index(payment.originator_id)
                status = "Declined" if payment.originator_id in self.unpaid else "Completed"
                said = status_result(status, payment.shillings, f"TKB{number:0>7}")
                await use_cases.paying.mailbox.status_result(question.result_url.rpartition("/")[2], said)

    @property
    def came_in(self) -> int:
        return sum(push.shillings for push in self.took.values())

    @property
    def went_out(self) -> int:
        return sum(payment.shillings for id, payment in self.sent.items() if id not in self.unpaid)
