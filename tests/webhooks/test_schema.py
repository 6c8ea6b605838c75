"""Schemathesis asks everything that the documentation names, rightly and wrongly, and holds each answer against it.

HAMMER=200 asks so many questions of each operation.
"""

import asyncio
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from aiohttp import web
from hypothesis import HealthCheck, settings
from schemathesis import Case, CheckContext, Response

import webhooks.app
from fundraising.money import Money
from fundraising.people.api_keys import KeyRole
from tests.databases import opened
from tests.fundraising.house import House
from tests.fundraising.treasury import OWNER, Treasury
from webhooks.api import openapi
from webhooks.keys import Metrics, Readiness, TelegramInbox

QUESTIONS = int(os.environ.get("HAMMER", "3"))
KEY, OWNERS_KEY = "tv_everything_else", "tv_owner"
KEPT_OPEN, MAY_CLOSE = 1, 2
RULES_MAY_REFUSE = ["2xx", "3xx", "401", "403", "404", "409", "422", "429"]
UNASSIGNED = "phone_number"  # of numbers that look right, not all belong to somebody's mobile phone

CONNECTION = requests.Session()
schema = schemathesis.openapi.from_dict(openapi.document())
schema.config.generation.with_security_parameters = False  # the key is handed over with each question
schema.config.generation.allow_extra_parameters = False  # in an address they are ignored, as the fields of a body are
schema.config.checks.positive_data_acceptance.expected_statuses = RULES_MAY_REFUSE


@schemathesis.check
def what_the_schema_allows_is_refused_by_rules_only(
    _context: CheckContext, response: Response, case: Case[Any]
) -> bool | None:
    rightly = case.meta is not None and case.meta.generation.mode.is_positive
    if rightly and response.status_code == 422:
        told = response.json()
        faults = told.get("errors", [told]) if told["code"] == "invalid_fields" else []
        assert {fault["reason"] for fault in faults} <= {UNASSIGNED}, f"the schema allows it: {response.text}"
    return None


async def serve(folder: Path, address: "Future[str]", stop: asyncio.Event) -> None:
    async with opened("sqlite", folder) as database:
        house = await furnished(House(database))

        async def can_store() -> bool:
            return True

        async def store(_updates: object) -> None:
            return None

        inbox = TelegramInbox("only Telegram knows this", store)
        metrics = Metrics(numbers, lambda *_told: None)
        app = webhooks.app.build(
            house.use_cases, inbox, Readiness(can_store, {}), lambda: "TrustVoiceBot", metrics=metrics
        )
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address.set_result(f"http://127.0.0.1:{runner.addresses[0][1]}")
        await stop.wait()
        await runner.cleanup()


async def numbers() -> bytes:
    return b"up 1\n"


async def furnished(house: House) -> House:
    """With money, a payout to decide, and whatever else the documentation's examples name."""
    treasury = await Treasury(await house.open()).open(250_000)
    await house.use_cases.campaigns.add("May be closed", Money.shillings(1_000))
    await treasury.request(1_000)
    await house.use_cases.api_keys.create(KEY, "Schemathesis", KeyRole.ADMIN)
    await house.use_cases.api_keys.create(OWNERS_KEY, "Schemathesis as owner", KeyRole.OWNER, OWNER)
    return house


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    started: Future[str] = Future()
    stopping: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def live() -> None:
        stop = asyncio.Event()
        stopping.set_result((asyncio.get_running_loop(), stop))
        await serve(tmp_path_factory.mktemp("schema"), started, stop)

    thread = threading.Thread(target=asyncio.run, args=(live(),))
    thread.start()
    yield started.result(timeout=20)
    loop, stop = stopping.result()
    loop.call_soon_threadsafe(stop.set)
    thread.join()


@schema.parametrize()
@settings(
    max_examples=QUESTIONS, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
def test_every_answer_is_as_documented(case: Case[Any], address: str) -> None:
    key = KEY
    if case.path.endswith("/close"):
        key = OWNERS_KEY
        if case.path_parameters.get("campaign_id") == KEPT_OPEN:
            case.path_parameters["campaign_id"] = MAY_CLOSE
    case.call_and_validate(base_url=address, headers={"Authorization": f"Bearer {key}"}, session=CONNECTION)
