"""The calls to Daraja. `Mpesa` is what the rules need of it; `DarajaClient` is the real one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

import httpx

from mpesa.answers import push_outcome, query_outcome, unanswered
from mpesa.caller import Body, Caller
from mpesa.outcome import Failed, Outcome, Unknown
from mpesa.password import make_password
from mpesa.payouts import DarajaPayouts, InitiatorSettings
from mpesa.stk import PushAccepted, StkPush
from mpesa.token import Shelf, TokenSource, fetch_token
from mpesa.wire import TIMEOUTS, Answer, Lost, NotSent, Observe, Wire, nobody_observes

__all__ = ["DarajaClient", "DarajaSettings", "Mpesa", "PushAccepted", "StkPush", "TransactionType"]

PUSH_PATH = "/mpesa/stkpush/v1/processrequest"
QUERY_PATH = "/mpesa/stkpushquery/v1/query"

TransactionType = Literal["CustomerPayBillOnline", "CustomerBuyGoodsOnline"]


class Mpesa(Protocol):
    async def stk_push(self, push: StkPush) -> Outcome[PushAccepted]:
        """Prompts the phone, once. Unknown when it may have rung without our learning the CheckoutRequestID."""

    async def stk_query(self, checkout_id: str) -> Outcome[None]:
        """Never a receipt, never an amount. Unknown while M-Pesa is still processing, and whenever asking failed."""


@dataclass(frozen=True, slots=True)
class DarajaSettings:
    base_url: str
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    shortcode: str  # for buy goods the store number, not the till
    passkey: str = field(repr=False)
    transaction_type: TransactionType = "CustomerPayBillOnline"
    party_b: str = ""  # the till, for buy goods; the shortcode when empty

    def __post_init__(self) -> None:
        if not self.base_url.startswith(("https://", "http://")):
            raise ValueError("the base URL of M-Pesa must be an http(s) address")


class DarajaClient:
    def __init__(
        self,
        settings: DarajaSettings,
        now: Callable[[], datetime],
        http: httpx.AsyncClient | None = None,
        observe: Observe = nobody_observes,
        shelf: Shelf | None = None,
    ):
        self._settings, self._now = settings, now
        self._http, self._owns_http = http or httpx.AsyncClient(timeout=TIMEOUTS), http is None
        wire = Wire(self._http, settings.base_url, observe)
        tokens = TokenSource(lambda: fetch_token(wire, settings.consumer_key, settings.consumer_secret), now, shelf)
        self._caller = Caller(wire, tokens)

    async def aclose(self) -> None:
        """An http client that was handed in stays open."""
        await self._caller.aclose()
        if self._owns_http:
            await self._http.aclose()

    async def reach(self) -> None:
        """Asks M-Pesa for a new access token, which moves nothing; whoever observes the calls learns how it went."""
        await self._caller.renew()

    def payouts(self, initiator: InitiatorSettings) -> DarajaPayouts:
        """Shares our access token and connections, and closes with us."""
        return DarajaPayouts(self._caller, initiator)

    async def stk_push(self, push: StkPush) -> Outcome[PushAccepted]:
        reply = await self._caller.call("stk_push", PUSH_PATH, self._push_body(push))
        return push_outcome(reply) if isinstance(reply, Answer) else unanswered(reply)

    async def stk_query(self, checkout_id: str) -> Outcome[None]:
        match await self._caller.call("stk_query", QUERY_PATH, {**self._signed(), "CheckoutRequestID": checkout_id}):
            case Answer() as answer:
                return query_outcome(answer, checkout_id)
            case NotSent(why) | Lost(why):
                return Unknown(f"no answer: {why}")
            case Failed(reason, code):
                return Unknown(f"could not ask: {reason}", code)

    def _signed(self) -> Body:
        password = make_password(self._settings.shortcode, self._settings.passkey, self._now())
        return {
            "BusinessShortCode": self._settings.shortcode,
            "Password": password.value,
            "Timestamp": password.timestamp,
        }

    def _push_body(self, push: StkPush) -> Body:
        return {
            **self._signed(),
            "TransactionType": self._settings.transaction_type,
            "Amount": push.shillings,
            "PartyA": push.phone.digits,
            "PartyB": self._settings.party_b or self._settings.shortcode,
            "PhoneNumber": push.phone.digits,
            "CallBackURL": push.callback_url,
            "AccountReference": push.reference,
            "TransactionDesc": push.description,
        }
