"""Daraja in a test's hand: what it answers is queued, what it was sent is kept. The transport below it is respx."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import respx

from mpesa.client import DarajaClient, DarajaSettings, StkPush
from mpesa.msisdn import Msisdn
from mpesa.payouts import B2cPayment, BalanceQuestion, DarajaPayouts, InitiatorSettings, StatusQuestion

BASE = "https://daraja.example"
KEY, SECRET, PASSKEY = "canarykey", "canarysecret", "canarypasskey"
TOKENS = ["canaryTokenOne1", "canaryTokenTwo2", "canaryTokenThree3"]
URL_TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
CREDENTIAL = "canaryCredential0123456789=="
CHECKOUT_ID = "ws_CO_14032026091512345712000111"

SETTINGS = DarajaSettings(BASE, KEY, SECRET, "600100", PASSKEY, "CustomerPayBillOnline", "600100")
PUSH = StkPush(Msisdn("254712000111"), 750, "D1A2B3C4", "Donation", f"https://ngo.example/hooks/{URL_TOKEN}")
ACCEPTED = {
    "MerchantRequestID": "20881-7741520-1",
    "CheckoutRequestID": CHECKOUT_ID,
    "ResponseCode": "0",
    "ResponseDescription": "Success. Request accepted for processing",
    "CustomerMessage": "Success. Request accepted for processing",
}

INITIATOR = InitiatorSettings("600200", "canaryinitiator", CREDENTIAL)
ORIGINATOR_ID = "K7QX2MPA5ZTB3RCDW4E"
CONVERSATION_ID = "AG_20260314_2010364430d9bbdaf872"
RESULT_URL, TIMEOUT_URL = f"https://ngo.example/results/{URL_TOKEN}", f"https://ngo.example/late/{URL_TOKEN}"
PAYMENT = B2cPayment(ORIGINATOR_ID, Msisdn("254712000111"), 1500, "Seeds for March", RESULT_URL, TIMEOUT_URL)
STATUS = StatusQuestion(ORIGINATOR_ID, None, RESULT_URL, TIMEOUT_URL)
BALANCE = BalanceQuestion(RESULT_URL, TIMEOUT_URL)
TAKEN = {
    "ConversationID": CONVERSATION_ID,
    "OriginatorConversationID": ORIGINATOR_ID,
    "ResponseCode": "0",
    "ResponseDescription": "Accept the service request successfully.",
}


def error(code: str, message: str = "") -> dict[str, str]:
    return {"requestId": "20881-7741520-9", "errorCode": code, "errorMessage": message}


def invalid_token(status: int = 401) -> httpx.Response:
    return httpx.Response(status, json=error("401.002.01", f"Error Occurred - Invalid Access Token - {TOKENS[0]}"))


def granted(token: str, expires_in: object = "3599") -> httpx.Response:
    return httpx.Response(200, json={"access_token": token, "expires_in": expires_in})


@dataclass
class Daraja:
    token: respx.Route
    push: respx.Route
    query: respx.Route
    b2c: respx.Route
    b2c_v1: respx.Route
    status: respx.Route
    balance: respx.Route
    client: DarajaClient
    moments: list[datetime] = field(default_factory=lambda: [datetime(2026, 3, 14, 6, 15, tzinfo=UTC)])

    @property
    def payouts(self) -> DarajaPayouts:
        return self.client.payouts(INITIATOR)

    def now(self) -> datetime:
        return self.moments[-1]

    def sent(self, route: respx.Route, nth: int = -1) -> httpx.Request:
        request = route.calls[nth].request
        assert isinstance(request, httpx.Request)
        return request


@asynccontextmanager
async def daraja_at_hand(settings: DarajaSettings = SETTINGS) -> AsyncIterator[Daraja]:
    with respx.mock(base_url=BASE, assert_all_called=False) as router:
        token = router.get("/oauth/v1/generate", params={"grant_type": "client_credentials"})
        token.side_effect = [granted(token) for token in TOKENS]
        push = router.post("/mpesa/stkpush/v1/processrequest")
        push.return_value = httpx.Response(200, json=ACCEPTED)
        query = router.post("/mpesa/stkpushquery/v1/query")
        paths = (
            "b2c/v3/paymentrequest",
            "b2c/v1/paymentrequest",
            "transactionstatus/v1/query",
            "accountbalance/v1/query",
        )
        b2c, b2c_v1, status, balance = (router.post(f"/mpesa/{path}") for path in paths)
        for route in (b2c, b2c_v1, status, balance):
            route.return_value = httpx.Response(200, json=TAKEN)
        moments = [datetime(2026, 3, 14, 6, 15, tzinfo=UTC)]
        client = DarajaClient(settings, lambda: moments[-1])
        yield Daraja(token, push, query, b2c, b2c_v1, status, balance, client, moments)
        await client.aclose()
