"""The calls to Daraja. `Mpesa` is what the rules need of it; `DarajaClient` is the real one."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

import httpx

from mpesa.answers import push_outcome, query_outcome, token_refused
from mpesa.codes import Reason
from mpesa.outcome import Failed, Outcome, Unknown
from mpesa.password import make_password
from mpesa.stk import PushAccepted, StkPush
from mpesa.token import Token, TokenSource, fetch_token
from mpesa.wire import TIMEOUTS, Answer, Call, Lost, NotSent, Reply, Wire

__all__ = ["DarajaClient", "DarajaSettings", "Mpesa", "PushAccepted", "StkPush", "TransactionType"]

PUSH_PATH = "/mpesa/stkpush/v1/processrequest"
QUERY_PATH = "/mpesa/stkpushquery/v1/query"
SECONDS_FOR_AN_ANSWER = 10.0  # token, call and a second try with a new token together

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
    def __init__(self, settings: DarajaSettings, now: Callable[[], datetime], http: httpx.AsyncClient | None = None):
        self._settings, self._now = settings, now
        self._http, self._owns_http = http or httpx.AsyncClient(timeout=TIMEOUTS), http is None
        self._wire = wire = Wire(self._http, settings.base_url)
        self._tokens = TokenSource(lambda: fetch_token(wire, settings.consumer_key, settings.consumer_secret), now)

    async def aclose(self) -> None:
        """An http client that was handed in stays open."""
        await self._tokens.aclose()
        if self._owns_http:
            await self._http.aclose()

    async def stk_push(self, push: StkPush) -> Outcome[PushAccepted]:
        match await self._authorised("stk_push", PUSH_PATH, self._push_body(push)):
            case Answer() as answer:
                return push_outcome(answer)
            case NotSent(why):
                return Failed(Reason.NOT_REACHED, "", why)
            case Lost(why):
                return Unknown(f"no answer: {why}")
            case Failed() as no_token:
                return no_token

    async def stk_query(self, checkout_id: str) -> Outcome[None]:
        match await self._authorised("stk_query", QUERY_PATH, {**self._signed(), "CheckoutRequestID": checkout_id}):
            case Answer() as answer:
                return query_outcome(answer, checkout_id)
            case NotSent(why) | Lost(why):
                return Unknown(f"no answer: {why}")
            case Failed(reason, code):
                return Unknown(f"could not ask: {reason}", code)

    async def _authorised(self, name: str, path: str, body: dict[str, str | int]) -> Reply | Failed:
        """Sends once; a second time only when the token was refused, which proves that nothing happened."""
        deadline = asyncio.get_running_loop().time() + SECONDS_FOR_AN_ANSWER
        reply = await self._attempt(name, path, body, deadline)
        if isinstance(reply, Answer) and token_refused(reply):
            return await self._attempt(name, path, body, deadline)
        return reply

    async def _attempt(self, name: str, path: str, body: dict[str, str | int], deadline: float) -> Reply | Failed:
        token = await self._token(deadline)
        if isinstance(token, Failed):
            return token
        call = Call(name, "POST", path, {"Authorization": f"Bearer {token.value}"}, json=body)
        reply = await self._wire.send(call, deadline)
        if isinstance(reply, Answer) and (reply.status == 401 or token_refused(reply)):
            self._tokens.discard(token)
        return reply

    async def _token(self, deadline: float) -> Token | Failed:
        try:
            async with asyncio.timeout_at(deadline):
                return await self._tokens.current()
        except TimeoutError:
            return Failed(Reason.NOT_REACHED, "", "no access token in time")

    def _signed(self) -> dict[str, str | int]:
        password = make_password(self._settings.shortcode, self._settings.passkey, self._now())
        return {
            "BusinessShortCode": self._settings.shortcode,
            "Password": password.value,
            "Timestamp": password.timestamp,
        }

    def _push_body(self, push: StkPush) -> dict[str, str | int]:
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
