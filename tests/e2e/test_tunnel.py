"""Behind an ngrok agent: the address is found, the doctor finds nothing wrong, and when it moves everything follows."""

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from standins.driver import Standins
from standins.shapes import Behaviour
from tests.e2e.house import HURRIED, PATIENCE_S, QUICK, TITLE, House
from tests.e2e.payout_house import with_roles
from tests.trustvoice.ngrok import Agent, ngrok_agent
from trustvoice.rehearsal.child import LOOPBACK, free_port, rehearse

pytestmark = pytest.mark.asyncio(loop_scope="module")
THROUGH_TUNNEL = {
    "PUBLIC_URL": "auto",
    "TELEGRAM_MODE": "webhook",
    "MPESA_B2C_SHORTCODE": "600999",
    "NO_PROXY": f"{LOOPBACK},localhost",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def agent() -> AsyncIterator[Agent]:
    async with ngrok_agent() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(agent: Agent, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The tunnel's far ends are this machine's two names, since the stand-ins call from here."""
    port = free_port(0)
    agent.leads(f"http://{LOOPBACK}:{port}", to=f"http://localhost:{port}")
    folder, ports = tmp_path_factory.mktemp("tunnel"), (0, port)
    async with (
        rehearse(folder, QUICK, {**HURRIED, **THROUGH_TUNNEL, "NGROK_API_URL": agent.url}, ports) as rehearsal,
        Standins(rehearsal.page, PATIENCE_S) as standins,
    ):
        house = House(rehearsal, standins)
        added = await house.command("campaign", "add", "--title", TITLE, "--goal", "1000000")
        assert added.code == 0, added
        await with_roles(house)
        yield house


async def telegram_calls(house: House, host: str) -> None:
    """Returns when the webhook is set to an address there."""
    url = f"{house.rehearsal.environment['TELEGRAM_API_URL']}/bot{QUICK.telegram.token}/getWebhookInfo"
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    async with httpx.AsyncClient(trust_env=False) as http:
        while urlsplit((await http.get(url)).json()["result"]["url"]).hostname != host:
            assert asyncio.get_running_loop().time() < deadline, house.rehearsal.log()
            await asyncio.sleep(0.05)


async def test_beside_a_house_in_order_the_doctor_finds_nothing_wrong(house: House) -> None:
    said = await house.command("doctor", "--json")
    lines = json.loads(said.out)
    assert [line for line in lines if line["status"] != "ok"] == []
    assert said.code == 0
    assert len(lines) > 25
    assert said.complaints == ""


async def test_when_the_tunnel_moves_pushes_and_the_webhook_move_with_it(house: House, agent: Agent) -> None:
    before = await house.donor("Amina")
    await before.gives(house.slug, Behaviour(do="pay"))
    await before.reads((await before.paid()).receipt)
    first = urlsplit((await before.was_pushed()).callback_url)
    assert first.hostname == LOOPBACK
    await telegram_calls(house, LOOPBACK)

    agent.leads(f"http://localhost:{first.port}", to=f"localhost:{first.port}")
    await telegram_calls(house, "localhost")
    after = await house.donor("Baraka")
    await after.gives(house.slug, Behaviour(do="pay"))
    await after.reads((await after.paid()).receipt)
    assert urlsplit((await after.was_pushed()).callback_url).hostname == "localhost"
    found = {line["name"]: line for line in json.loads((await house.command("doctor", "--json")).out)}
    assert found["telegram updates"]["status"] == "ok", found["telegram updates"]
    assert "localhost" in found["ngrok"]["found"]


async def test_without_an_agent_run_says_what_to_start(house: House) -> None:
    said = await house.command("run", NGROK_API_URL="http://127.0.0.1:1")
    assert said.code == 2
    assert "ngrok http" in said.complaints
    assert "Traceback" not in said.complaints
