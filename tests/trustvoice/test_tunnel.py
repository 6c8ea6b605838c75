"""The ngrok agent's word on where the internet reaches us, and what follows when it changes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from fundraising.money import Money
from fundraising.paying.tasks import AskBalance
from mpesa.msisdn import Msisdn
from tests.databases import opened
from tests.fakes import FakeClock, FakeMpesa, FakePayouts
from tests.trustvoice.env_file import IN_PRODUCTION, settings, the_complaint
from tests.trustvoice.ngrok import Agent, ngrok_agent
from trustvoice.bootstrap import bootstrap
from trustvoice.running import tunnel as tunnels
from trustvoice.running.tunnel import NoTunnel, Tunnel, port_of, through_tunnel

PORT = 8001
LOCAL = "http://localhost:8001"
KEY = "k" * 40


@pytest.fixture
async def agent() -> AsyncIterator[Agent]:
    async with ngrok_agent() as running:
        yield running


@asynccontextmanager
async def followed(tunnel: Tunnel, moved: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(tunnels, "ASK_EVERY", timedelta(milliseconds=5))
    following = asyncio.create_task(tunnel.follow(moved))
    yield
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def until(holds: Callable[[], object]) -> None:
    deadline = asyncio.get_running_loop().time() + 5
    while not holds():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.002)


async def test_of_several_tunnels_the_https_one_to_our_port_is_taken(agent: Agent) -> None:
    agent.leads("http://plain.example", "https://safe.example/", to=LOCAL)
    agent.answer["tunnels"].insert(0, {"public_url": "https://other.example", "config": {"addr": "localhost:9000"}})
    assert await Tunnel(agent.url, PORT).find() == "https://safe.example"


@pytest.mark.parametrize(
    "answer",
    [
        {"tunnels": []},
        {"tunnels": [{"public_url": "https://other.example", "config": {"addr": "http://localhost:9000"}}]},
        {"tunnels": [{"public_url": "tcp://other.example:4711", "config": {"addr": "localhost:8001"}}]},
        {"tunnels": [{"public_url": "https://a.example/?q=1", "config": {"addr": LOCAL}}, {"config": None}, "x", None]},
        {"tunnels": [{"public_url": "https://a.example", "config": {"addr": "http://localhost:none"}}]},
        {"tunnels": None},
        [],
    ],
)
async def test_what_leads_elsewhere_or_has_another_shape_is_no_tunnel(agent: Agent, answer: Any) -> None:
    agent.answer = answer
    with pytest.raises(NoTunnel, match=r"no tunnel .* port 8001. Start the tunnel with: ngrok http 8001"):
        await Tunnel(agent.url, PORT).find()


async def test_without_an_agent_one_sentence_says_what_to_start(agent: Agent) -> None:
    agent.status = 502
    for url in ("http://127.0.0.1:1", agent.url):
        with pytest.raises(NoTunnel, match=r"no ngrok agent answers at .*ngrok http 8001$"):
            await Tunnel(url, PORT).find()


def test_the_agent_writes_our_port_in_three_ways() -> None:
    assert [port_of(target) for target in ("http://localhost:8001", "localhost:8001", "8001")] == [8001] * 3
    assert port_of("http://localhost") is None


async def test_a_new_address_is_told_once_and_the_old_one_stays_while_there_is_none(
    agent: Agent, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    agent.leads("https://first.example", to=LOCAL)
    tunnel = Tunnel(agent.url, PORT)
    await tunnel.find()
    below, elsewhere = tunnel.following("https://first.example/hook"), tunnel.following("https://own.example/hook")
    moves: list[str] = []
    async with followed(tunnel, lambda: moves.append(tunnel.address), monkeypatch):
        agent.answer = {"tunnels": []}
        await until(lambda: not tunnel.is_up)
        warned, asked = caplog.text, agent.asked
        await until(lambda: agent.asked > asked + 3)
        assert (f"{below}/x", moves) == ("https://first.example/hook/x", [])
        assert caplog.text.count("stays in use") == max(warned.count("stays in use"), 1)

        agent.leads("https://second.example", to=LOCAL)
        await until(lambda: moves)
        asked = agent.asked
        await until(lambda: agent.asked > asked + 3)
    assert moves == ["https://second.example"]
    assert (f"{below}/x", f"{elsewhere}") == ("https://second.example/hook/x", "https://own.example/hook")
    assert tunnel.is_up


async def test_every_callback_address_of_the_house_moves_with_the_tunnel(
    agent: Agent, nothing_set_and_a_folder_to_itself: None, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.leads("https://first.example", to=LOCAL)
    given = settings(PUBLIC_URL="auto", NGROK_API_URL=agent.url)
    found, tunnel = await asyncio.to_thread(through_tunnel, given)
    assert (found.public_url, found.telegram_webhook_url) == (
        "https://first.example",
        "https://first.example/webhooks/telegram",
    )
    assert tunnel
    mpesa, payouts = FakeMpesa(), FakePayouts()
    async with opened("inline", tmp_path) as database:
        house = bootstrap(found, KEY, mpesa, payouts, database=database, now=FakeClock(), tunnel=tunnel).use_cases
        await house.campaigns.add("Water", Money.shillings(1000))
        donor = await house.donors.without_chat("somebody")
        first, second = Msisdn.parse("0708374149"), Msisdn.parse("0712345678")
        await house.donations.start(donor.id, 1, Money.shillings(10), first)
        agent.leads("https://second.example", to=LOCAL)
        async with followed(tunnel, lambda: None, monkeypatch):
            await until(lambda: tunnel.address == "https://second.example")
        await house.donations.start(donor.id, 1, Money.shillings(10), second)
        await house.paying.float.ask(AskBalance(), 1)
    was, now_is = (push.callback_url.rpartition("/")[0] for push in mpesa.pushed)
    assert was == "https://first.example/webhooks/daraja"
    assert now_is == "https://second.example/webhooks/daraja"
    assert payouts.asked[0].result_url.startswith("https://second.example/webhooks/daraja/balance/result/")


def test_a_fixed_address_needs_no_agent(nothing_set_and_a_folder_to_itself: None) -> None:
    fixed = settings()
    assert through_tunnel(fixed) == (fixed, None)


def test_in_production_there_is_no_auto(nothing_set_and_a_folder_to_itself: None) -> None:
    assert "Safaricom refuses tunnels" in the_complaint(**IN_PRODUCTION, PUBLIC_URL="auto")
