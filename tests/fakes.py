"""M-Pesa and time, as far as a unit test needs them."""

import json
import os
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from fundraising.paying.requests import PayingSettings
from mpesa.client import PushAccepted, StkPush
from mpesa.outcome import Outcome, Succeeded, Unknown
from mpesa.payouts import B2cAccepted, B2cPayment, BalanceQuestion, StatusQuestion
from storage.vault import NONCE_BYTES, Vault


class FakeMpesa:
    """Answers what `pushes` and `queries` hold, in turn; else accepts pushes and knows nothing yet."""

    def __init__(self) -> None:
        self.pushed: list[StkPush] = []
        self.asked: list[str] = []
        self.pushes: deque[Outcome[PushAccepted]] = deque()
        self.queries: deque[Outcome[None]] = deque()
        self.before_answering: Callable[[], Awaitable[None]] | None = None

    async def stk_push(self, push: StkPush) -> Outcome[PushAccepted]:
        self.pushed.append(push)
        if self.before_answering:
            await self.before_answering()
        return self.pushes.popleft() if self.pushes else Succeeded(accepted(len(self.pushed)))

    async def stk_query(self, checkout_id: str) -> Outcome[None]:
        self.asked.append(checkout_id)
        return self.queries.popleft() if self.queries else Unknown("still processing")

    def token(self, nth: int = -1) -> str:
        return self.pushed[nth].callback_url.rpartition("/")[2]


def accepted(n: int) -> PushAccepted:
    return PushAccepted(checkout_id=f"ws_CO_{n}", merchant_request_id=f"m-{n}")


class FakeClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.moment += timedelta(microseconds=1)
        return self.moment

    def forward(self, **how_long: float) -> None:
        self.moment += timedelta(**how_long)


def callback(
    checkout_id: str = "ws_CO_1", code: int = 0, shillings: Any = 500, receipt: str | None = "TKM1AAAAAA"
) -> bytes:
    items: list[dict[str, Any]] = [{"Name": "Amount", "Value": shillings}, {"Name": "Balance"}]
    if receipt:
        items.insert(1, {"Name": "MpesaReceiptNumber", "Value": receipt})
    result: dict[str, Any] = {"MerchantRequestID": "m-1", "CheckoutRequestID": checkout_id, "ResultCode": code}
    result["ResultDesc"] = "said by the test"
    if code == 0:
        result["CallbackMetadata"] = {"Item": items}
    return json.dumps({"Body": {"stkCallback": result}}).encode()


PAYING = PayingSettings(
    result_url="https://give.example/webhooks/daraja/b2c/result",
    timeout_url="https://give.example/webhooks/daraja/b2c/timeout",
    status_url="https://give.example/webhooks/daraja/status/result",
    balance_url="https://give.example/webhooks/daraja/balance/result",
    shortcodes=("600999",),
)


class FakePayouts:
    """Answers what `sends` and `questions` hold, in turn; else accepts everything."""

    def __init__(self) -> None:
        self.sent: list[B2cPayment] = []
        self.asked: list[StatusQuestion | BalanceQuestion] = []
        self.sends: deque[Outcome[B2cAccepted]] = deque()
        self.questions: deque[Outcome[str]] = deque()
        self.before_answering: Callable[[], Awaitable[None]] | None = None

    async def b2c(self, payment: B2cPayment) -> Outcome[B2cAccepted]:
        self.sent.append(payment)
        if self.before_answering:
            await self.before_answering()
        return (
            self.sends.popleft()
            if self.sends
            else Succeeded(B2cAccepted(f"AG_{len(self.sent)}", payment.originator_id))
        )

    async def transaction_status(self, question: StatusQuestion) -> Outcome[str]:
        self.asked.append(question)
        return self.questions.popleft() if self.questions else Succeeded("AG_question")

    async def account_balance(self, question: BalanceQuestion) -> Outcome[str]:
        self.asked.append(question)
        return self.questions.popleft() if self.questions else Succeeded("AG_question")

    def token(self, nth: int = -1) -> str:
        return self.sent[nth].result_url.rpartition("/")[2]

    def question_token(self, nth: int = -1) -> str:
        return self.asked[nth].result_url.rpartition("/")[2]


def b2c_result(
    originator_id: str,
    code: int | str = 0,
    shillings: Any = 1000,
    receipt: str = "TKB1AAAAAA",
    conversation_id: str = "AG_1",
    name: str | None = None,
) -> bytes:
    result: dict[str, Any] = {"ResultType": 0, "ResultCode": code, "ResultDesc": "said by the test"}
    result |= {"OriginatorConversationID": originator_id, "ConversationID": conversation_id, "TransactionID": receipt}
    if code == 0:
        values: dict[str, Any] = {
            "TransactionAmount": shillings,
            "TransactionReceipt": receipt,
            "B2CUtilityAccountAvailableFunds": 5000.5,
        }
        values |= {"ReceiverPartyPublicName": name} if name else {}
        result["ResultParameters"] = {
            "ResultParameter": [{"Key": key, "Value": value} for key, value in values.items()]
        }
    return json.dumps({"Result": result}).encode()


def status_result(
    status: str = "Completed",
    shillings: Any = 1000,
    receipt: str = "TKB1AAAAAA",
    code: int = 0,
    payer: str = "600999 - NGO",
    payee: str = "600999 - NGO",
    paid_at: int | None = 20261122120010,  # ten seconds after a FakeClock begins, in Kenya's time
    originator_id: str | None = None,  # of the transaction that was asked about
) -> bytes:
    result: dict[str, Any] = {"ResultType": 0, "ResultCode": code, "ResultDesc": "said by the test"}
    result |= {"OriginatorConversationID": "question", "ConversationID": "AG_question", "TransactionID": "OAK0000000"}
    if code == 0:
        values = {"TransactionStatus": status, "Amount": shillings, "ReceiptNo": receipt, "DebitPartyName": payer}
        values |= {"DebitPartyCharges": "Fee For B2C Payment|KES|22.40", "CreditPartyName": payee}
        values |= {"InitiatedTime": paid_at} if paid_at else {}
        values |= {"OriginatorConversationID": originator_id} if originator_id else {}
        result["ResultParameters"] = {
            "ResultParameter": [{"Key": key, "Value": value} for key, value in values.items()]
        }
    return json.dumps({"Result": result}).encode()


def sealed_before(vault: Vault, plain: bytes) -> bytes:
    """As releases before 0009 did: for no place."""
    nonce = os.urandom(NONCE_BYTES)
    return vault.key_id + nonce + vault._cipher.encrypt(nonce, plain, None)
