"""Payouts: how a recipient's number behaves, what was asked, and what really moved. Amounts are whole shillings."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from standins.shapes.pushes import CallbackStyle
from standins.shapes.world import JsonObject

ResultCode = int | str

CODES: dict[ResultCode, int] = {
    "pay": 0,
    "insufficient_float": 1,
    "below_min": 2,
    "above_max": 3,
    "daily_limit": 4,
    "wallet_full": 8,
}
Outcome = (
    Annotated[
        str,
        Meta(pattern=r"^(pay|insufficient_float|below_min|above_max|daily_limit|wallet_full|\d+|[A-Z]+(_[A-Z]+)?\d+)$"),
    ]
    | Annotated[int, Meta(ge=0)]
)
PayoutAnswer = Annotated[
    str,
    Meta(
        pattern=r"^(ok|lost|lost_not_paid|http500|http500_paid|spike_arrest|quota|maintenance|html|empty400|forbidden_v3"
        r"|refuse_connection|slow:\d+(\.\d+)?)$"
    ),
]
StatusStyle = Annotated[str, Meta(pattern=r"^(normal|lost|(not_found|never)(:\d+)?|fault:\w+)$")]


class PayoutStep(Struct, forbid_unknown_fields=True):
    """What comes of a payout after `delay` seconds, and how the result about it comes.

    `result` is a name or any code; digits in a string are sent as a string. `moves` overrides whether the money goes
    (else it goes with code 0), `amount` is what M-Pesa sends instead of the amount asked for.
    """

    result: Outcome = "pay"
    delay: Annotated[float, Meta(ge=0)] = 0.05
    callback: CallbackStyle = "once"
    amount: Annotated[int, Meta(ge=1)] | None = None
    moves: bool | None = None

    @property
    def code(self) -> ResultCode:
        return CODES.get(self.result, self.result)

    @property
    def pays(self) -> bool:
        return str(self.code) == "0" if self.moves is None else self.moves


class PayoutBehaviour(PayoutStep):
    """How one payout to a number goes.

    `timeout_notice` is sent to QueueTimeOutURL first: the original request, or a result. `status` is what Transaction
    Status says about it (`not_found:2`: to the first two questions), `ends_as` its word for money that did not go.
    `then` is what M-Pesa finds out later: a success after a failure, say.
    """

    answer: PayoutAnswer = "ok"
    timeout_notice: Literal["request", "result"] | None = None
    status: StatusStyle = "normal"
    ends_as: Literal["Declined", "Cancelled", "Expired"] = "Declined"
    then: list[PayoutStep] = []

    def is_taken(self, version: str) -> bool:
        """Whether M-Pesa takes the request at all, whatever it answers."""
        if self.answer == "forbidden_v3":
            return version != "v3"
        return self.answer.startswith(("ok", "slow", "http500_paid")) or self.answer == "lost"


class PayoutScript(Struct, forbid_unknown_fields=True):
    """`next` is added to what happens payout by payout; `always` is what happens when that is used up."""

    next: list[PayoutBehaviour] = []
    always: PayoutBehaviour | UnsetType = UNSET


class Paid(Struct, frozen=True):
    """Money that really went to a recipient; `fee` was charged to us on top."""

    originator_id: str
    conversation_id: str
    receipt: str
    phone: str
    shillings: int
    fee: int
    at: float


class PayoutAsked(Struct):
    """One request, as it was sent. `verdict`: accepted, duplicate, not taken, or the refusal's code and message.

    `answer` is how the reply went, `result` what was told last.
    """

    version: str
    originator_id: str
    phone: str
    amount: str
    command: str
    remarks: str
    occasion: str
    result_url: str
    timeout_url: str
    at: float
    verdict: str = ""
    answer: str = "ok"
    conversation_id: str = ""
    result: ResultCode | None = None


class StatusQuestion(Struct):
    """A Transaction Status question; `result` and `told` (the TransactionStatus) stay None while nothing was said."""

    transaction_id: str
    original_conversation_id: str
    at: float
    result: ResultCode | None = None
    told: str | None = None


class ResultSent(Struct, frozen=True):
    """One delivery; `about` is the OriginatorConversationID, for reversals and questions what they were about."""

    kind: Literal["payout", "timeout", "status", "balance", "reversal"]
    about: str
    url: str
    status: int | None
    error: str
    code: ResultCode | None
    at: float


class Reversed(Struct, frozen=True):
    """A payer's money given back."""

    receipt: str
    original: str
    phone: str
    shillings: int
    at: float


class Accounts(Struct):
    """`collection` is the Working Account, where pushes pay in; payouts leave `utility`, fees `charges_paid`."""

    collection: int = 0
    utility: int = 0
    charges_paid: int = 0


class Float(Struct, forbid_unknown_fields=True):
    """What the Utility Account is to hold."""

    shillings: Annotated[int, Meta(ge=0)]


class PayoutCallback(Struct, forbid_unknown_fields=True):
    """Repeats the last result of `originator_id`, or sends `body` to `url`; each other field changes one thing.

    `token` replaces the last path segment of the address, an empty one removes it. `to` picks the address; at
    `timeout` the original request is what is sent.
    """

    originator_id: str | None = None
    to: Literal["result", "timeout"] = "result"
    url: str | None = None
    token: str | None = None
    body: JsonObject | None = None
    code: ResultCode | None = None
    amount: int | float | None = None
    receipt: str | None = None
