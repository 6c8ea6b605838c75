"""The stand-ins on a free port, in this test's own loop; a real Telegram client and a real HTTP client."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from aiohttp.test_utils import TestServer
from telegram import Bot

from standins.app import Options, build
from standins.daraja.options import DarajaOptions
from standins.driver import Standins
from standins.telegram.options import TelegramOptions
from tests.standins.receiver import Receiver

QUICK = Options(
    telegram=TelegramOptions(retry_first_s=0.02, retry_max_s=0.05),
    daraja=DarajaOptions(prompt_life_s=5.0),
)
PHONE = "254708374149"
EAT = timezone(timedelta(hours=3))

Start = Callable[[Options], Awaitable[Standins]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    async with AsyncExitStack() as stack:

        async def one(options: Options) -> Standins:
            server = await stack.enter_async_context(TestServer(build(options)))
            return await stack.enter_async_context(Standins(str(server.make_url("/"))))

        yield one


@pytest.fixture
async def standins(start: Start) -> Standins:
    return await start(QUICK)


@pytest.fixture
async def bot(standins: Standins) -> AsyncIterator[Bot]:
    async with bot_at(standins) as bot:
        yield bot


def bot_at(standins: Standins, token: str = QUICK.telegram.token) -> Bot:
    url = f"{standins.url}/telegram"
    return Bot(token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as receiver:
        yield receiver


class DarajaCaller:
    """What a client of Daraja sends."""

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


Caller = Callable[[Standins, Options], DarajaCaller]


@pytest.fixture
async def caller_of() -> AsyncIterator[Caller]:
    async with httpx.AsyncClient() as http:
        yield lambda standins, options: DarajaCaller(standins, http, options.daraja)


@pytest.fixture
def daraja(standins: Standins, caller_of: Caller) -> DarajaCaller:
    return caller_of(standins, QUICK)


def with_daraja(**changes: Any) -> Options:
    return replace(QUICK, daraja=replace(QUICK.daraja, **changes))
