"""STK pushes: how a phone behaves, what was asked, and what moved."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from standins.shapes.world import JsonObject

Act = Literal["pay", "wrong_pin", "cancel", "ignore", "no_money"]
Do = Literal["ask", "pay", "wrong_pin", "cancel", "ignore", "no_money"]
CallbackStyle = Annotated[str, Meta(pattern=r"^(once|none|twenty_at_once|before_ack|late:\d+(\.\d+)?)$")]
AnswerStyle = Annotated[
    str, Meta(pattern=r"^(ok|lost|http500|spike_arrest|html|empty400|refuse_connection|slow:\d+(\.\d+)?)$")
]
QueryStyle = Annotated[
    str, Meta(pattern=r"^(normal|failed_contradiction|4999_then_truth:\d+|processing_then_truth:\d+)$")
]


class Step(Struct, forbid_unknown_fields=True):
    """What the phone's owner does after `delay` seconds, and how the callback about it comes.

    `amount` is what M-Pesa takes and reports instead of the amount asked for.
    """

    do: Act
    delay: Annotated[float, Meta(ge=0)] = 0.05
    callback: CallbackStyle = "once"
    amount: Annotated[int, Meta(ge=1)] | None = None


class Behaviour(Struct, forbid_unknown_fields=True):
    """How one push goes; `ask` waits for somebody's decision.

    `rings` overrides whether a push that is answered so reaches the phone at all. `then` is what M-Pesa finds out
    later: a success after a failure, say.
    """

    do: Do = "ask"
    delay: Annotated[float, Meta(ge=0)] = 0.05
    callback: CallbackStyle = "once"
    amount: Annotated[int, Meta(ge=1)] | None = None
    answer: AnswerStyle = "ok"
    rings: bool | None = None
    query: QueryStyle = "normal"
    then: list[Step] = []

    @property
    def reaches_phone(self) -> bool:
        return self.answer.startswith(("ok", "lost", "slow")) if self.rings is None else self.rings


class PhoneScript(Struct, forbid_unknown_fields=True):
    """`next` is added to what the phone does push by push; `always` is what it does when that is used up."""

    next: list[Behaviour] = []
    always: Behaviour | UnsetType = UNSET


class Decision(Struct, forbid_unknown_fields=True):
    """A person's act at an open prompt; a wrong `pin` turns paying into a wrong PIN."""

    do: Act
    pin: str | None = None
    callback: CallbackStyle = "once"
    amount: Annotated[int, Meta(ge=1)] | None = None

    def as_step(self, right_pin: str) -> Step:
        do: Act = "wrong_pin" if self.do == "pay" and self.pin not in (None, right_pin) else self.do
        return Step(do, 0, self.callback, self.amount)


class Prompt(Struct, frozen=True):
    checkout_id: str
    phone: str
    shillings: int
    business: str
    reference: str
    description: str
    at: float
    expires_at: float


class Moved(Struct, frozen=True):
    """Money that M-Pesa really took from a payer."""

    receipt: str
    phone: str
    shillings: int
    reference: str
    checkout_id: str
    at: float


class Push(Struct):
    """An accepted push; `result` is M-Pesa's own truth, None while it is open."""

    phone: str
    shillings: int
    reference: str
    description: str
    callback_url: str
    checkout_id: str
    merchant_request_id: str
    at: float
    rang: bool
    result: int | None = None


class CallbackSent(Struct, frozen=True):
    """One delivery: `status` is None when nobody answered, and `error` says why."""

    checkout_id: str
    url: str
    status: int | None
    error: str
    body_code: int
    at: float


class CallbackByHand(Struct, forbid_unknown_fields=True):
    """Repeats the last callback of `checkout_id`, or sends `body` to `url`; each other field changes one thing.

    `token` replaces the last path segment of the address.
    """

    checkout_id: str | None = None
    url: str | None = None
    token: str | None = None
    body: JsonObject | None = None
    code: int | None = None
    amount: int | float | None = None
    receipt: str | None = None
