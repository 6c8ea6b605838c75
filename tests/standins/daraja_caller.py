"""What a client of Daraja sends."""

import base64
from datetime import datetime, timedelta, timezone

import httpx

from standins.daraja.options import DarajaOptions
from standins.driver import Standins

PHONE = "254708374149"
EAT = timezone(timedelta(hours=3))


class DarajaCaller:
    def __init__(self, standins: Standins, http: httpx.AsyncClient, options: DarajaOptions) -> None:
        self.url = f"{standins.url}/daraja"
        self.http = http
        self.options = options
        self.token = ""

    async def generate(self) -> httpx.Response:
        auth = (self.options.consumer_key, self.options.consumer_secret)
        return await self.http.get(f"{self.url}/oauth/v1/generate?grant_type=client_credentials", auth=auth)

    async def post(self, path: str, body: object) -> httpx.Response:
        if not self.token:
            self.token = (await self.generate()).json()["access_token"]
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.http.post(f"{self.url}/mpesa/{path}", json=body, headers=headers)

    def signed(self, at: datetime | None = None) -> dict[str, object]:
        stamp = (at or datetime.now(EAT)).strftime("%Y%m%d%H%M%S")
        key = base64.b64encode(f"{self.options.shortcode}{self.options.passkey}{stamp}".encode()).decode()
        return {"BusinessShortCode": self.options.shortcode, "Password": key, "Timestamp": stamp}

    def push_body(self, callback_url: str, **changes: object) -> dict[str, object]:
        body = {
            **self.signed(),
            "TransactionType": "CustomerPayBillOnline",
            "Amount": 500,
            "PartyA": PHONE,
            "PartyB": self.options.shortcode,
            "PhoneNumber": PHONE,
            "CallBackURL": callback_url,
            "AccountReference": "DK3F9A27",
            "TransactionDesc": "Donation",
            **changes,
        }
        return {name: value for name, value in body.items() if value is not None}

    async def push(self, callback_url: str, **changes: object) -> httpx.Response:
        return await self.post("stkpush/v1/processrequest", self.push_body(callback_url, **changes))

    async def pushed(self, callback_url: str, **changes: object) -> str:
        """The CheckoutRequestID of a push that was accepted."""
        answer = await self.push(callback_url, **changes)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["CheckoutRequestID"])

    async def query(self, checkout_id: str) -> httpx.Response:
        return await self.post("stkpushquery/v1/query", {**self.signed(), "CheckoutRequestID": checkout_id})
