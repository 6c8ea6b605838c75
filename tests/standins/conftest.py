"""The stand-ins on a free port, in this test's own loop; a real Telegram client and a real HTTP client."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import httpx
import pytest
from aiohttp.test_utils import TestServer
from telegram import Bot

from standins.app import Options, build
from standins.daraja.options import DarajaOptions
from standins.driver import Standins
from standins.telegram.options import TelegramOptions
from tests.standins.daraja_caller import DarajaCaller
from tests.standins.receiver import Receiver
from tests.standins.treasury import Treasury

QUICK = Options(
    telegram=TelegramOptions(retry_first_s=0.02, retry_max_s=0.05),
    daraja=DarajaOptions(prompt_life_s=5.0),
)

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


Caller = Callable[[Standins, Options], DarajaCaller]


@pytest.fixture
async def caller_of() -> AsyncIterator[Caller]:
    async with httpx.AsyncClient() as http:
        yield lambda standins, options: DarajaCaller(standins, http, options.daraja)


@pytest.fixture
def daraja(standins: Standins, caller_of: Caller) -> DarajaCaller:
    return caller_of(standins, QUICK)


@pytest.fixture
def treasury(daraja: DarajaCaller, standins: Standins) -> Treasury:
    return Treasury(daraja, standins)


def with_daraja(**changes: Any) -> Options:
    return replace(QUICK, daraja=replace(QUICK.daraja, **changes))
