"""M-Pesa and time, as far as a unit test needs them."""

import json
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from mpesa.client import PushAccepted, StkPush
from mpesa.outcome import Outcome, Succeeded, Unknown


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
