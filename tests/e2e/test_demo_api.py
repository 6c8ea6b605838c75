"""`make demo`, for somebody who comes with curl: the README's commands work as they stand there, in their order."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from standins.app import DONOR
from standins.driver import Standins
from tests.e2e.readme import Answer, commands, pasted
from trustvoice.rehearsal import demo, seed
from trustvoice.rehearsal.child import Rehearsal, rehearse
from trustvoice.rehearsal.seed import GIFT, Seeded

pytestmark = pytest.mark.asyncio(loop_scope="module")
PATIENCE_S = 30.0
PASTED = 8
CURLS = commands("HTTP API")


@dataclass
class Demo:
    rehearsal: Rehearsal
    standins: Standins
    seeded: Seeded

    @property
    def environment(self) -> dict[str, str]:
        keys = {"KEY": self.seeded.key, "APPROVER": self.seeded.approver}
        return {"PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1", "API": self.rehearsal.server, **keys}

    async def paste(self, beginning: str) -> Answer:
        [command] = [each for each in CURLS if any(f"$API{beginning}{end}" in each for end in " ?")]
        return await pasted(command, self.environment)

    async def get(self, path: str) -> dict[str, object]:
        signed = {"Authorization": f"Bearer {self.seeded.key}"}
        async with httpx.AsyncClient(trust_env=False, headers=signed) as http:
            answer = await http.get(f"{self.rehearsal.server}{path}")
        found: dict[str, object] = answer.json()
        return found

    async def becomes(self, path: str, status: str) -> None:
        for _ in range(int(PATIENCE_S * 20)):
            found = await self.get(path)
            if found["status"] == status:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"not {status}: {found}")

    async def pays(self, phone: str) -> None:
        prompt = await self.standins.wait_for_prompt(phone)
        await self.standins.decide(prompt.checkout_id, "pay")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    async with rehearse(folder, demo.OPTIONS, demo.IMPATIENT) as rehearsal:
        await demo.prepare(rehearsal)
        seeded = await demo.furnish_for_programs(rehearsal)
        async with Standins(rehearsal.page, PATIENCE_S) as standins:
            yield Demo(rehearsal, standins, seeded)


async def test_the_demo_leaves_the_donors_chat_to_the_visitor(running: Demo) -> None:
    assert await running.standins.transcript(DONOR.user_id) == []


async def test_what_the_demo_prints_is_what_the_readme_says(running: Demo) -> None:
    printed = seed.told(running.rehearsal, running.seeded, demo.SLUG)
    assert f"export API={running.rehearsal.server} KEY={running.seeded.key}\n" in printed
    assert f"export APPROVER={running.seeded.approver}\n" in printed
    for path in ("donations", "payouts"):
        [command] = [each for each in CURLS if f"$API/{path}/ " in each]
        assert command in printed
    async with httpx.AsyncClient(trust_env=False) as http:
        for page in ("/docs", f"/c/{demo.SLUG}"):
            assert (await http.get(f"{running.rehearsal.server}{page}")).status_code == 200


async def test_the_readmes_commands_work_as_they_stand_there(running: Demo) -> None:
    given = await running.paste("/donations/")
    assert given.status == 201
    assert given.body.items() >= {"id": 2, "status": "pending", "amount": 500, "currency": "KES"}.items()
    assert given.body["payment_intent_id"].startswith("ws_CO_")
    await running.pays("254708374149")
    await running.becomes("/donations/2", "completed")

    first = await running.paste("/donations/1")
    assert (first.status, first.body["status"], first.body["amount"]) == (200, "completed", GIFT)
    assert first.body["receipt"]
    campaign = await running.paste("/campaigns/1")
    assert (campaign.status, campaign.body["raised_amounts"]) == (200, {"KES": GIFT + 500})

    asked = await running.paste("/payouts/")
    assert (asked.status, asked.body["id"], asked.body["status"], asked.body["amount"]) == (201, 1, "pending", 50_000)
    approved = await running.paste("/payouts/1/approve")
    assert (approved.status, approved.body["id"]) == (200, 1)
    assert approved.body["status"] in ("approved", "processing", "completed")
    [paid] = await running.standins.wait_for_paid("254708374149")
    await running.becomes("/payouts/1", "completed")

    payout = await running.paste("/payouts/1")
    assert (payout.status, payout.body["transaction_id"]) == (200, paid.receipt)
    listed = await running.paste("/payouts/campaign/1")
    assert (listed.status, [each["id"] for each in listed.body]) == (200, [1])
    assert (await running.get("/campaigns/1"))["available_amounts"] == {"KES": GIFT + 500 - 50_000}
    today = await running.paste("/reports/reconciliation")
    assert (today.status, today.body["adds_up"]) == (200, True)
    [first_campaign] = [each for each in today.body["accounts"] if each["account"] == "campaign:1"]
    assert first_campaign["closing"] == GIFT + 500 - 50_000
    assert len(CURLS) == PASTED


async def test_a_donor_who_has_started_the_bot_reads_in_the_chat_what_a_program_began(running: Demo) -> None:
    sent = await running.standins.say(DONOR.user_id, "/start")
    await running.standins.wait_for_text(DONOR.user_id, "Which campaign", since=sent.mark)
    command = next(each for each in CURLS if "$API/donations/ " in each).replace('"amount": 500', '"amount": 700')
    mark = await running.standins.mark()
    assert (await pasted(command, running.environment)).status == 201
    await running.pays("254708374149")
    told = await running.standins.wait_for_text(DONOR.user_id, "We received your KES 700", since=mark)
    assert "receipt" in told.text
