"""A process that stands still (SIGSTOP, a sleeping machine) while it calls M-Pesa: then it is too late to send."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import httpx

from mpesa.caller import SECONDS_FOR_AN_ANSWER
from mpesa.wire import Call, NotSent, Wire
from tests.mpesa.daraja import ACCEPTED
from tests.mpesa.test_network import http, read_request, server

A_SHORT_TIME_S = 1.0
CALLS = f"""
import asyncio, sys, uvloop
from dataclasses import replace
from datetime import UTC, datetime
from mpesa import caller
from mpesa.client import DarajaClient
from tests.mpesa.daraja import INITIATOR, PAYMENT, PUSH, SETTINGS

async def calls():
    client = DarajaClient(replace(SETTINGS, base_url=sys.argv[1]), lambda: datetime.now(UTC))
    for outcome in await asyncio.gather(client.stk_push(PUSH), client.payouts(INITIATOR).b2c(PAYMENT)):
        print(type(outcome).__name__, getattr(outcome, "not_accepted", ""))

caller.SECONDS_FOR_AN_ANSWER = {A_SHORT_TIME_S}
uvloop.run(calls())
"""


async def test_a_push_and_a_payout_that_stood_still_for_too_long_are_not_sent() -> None:
    asked, answer, heard = asyncio.Event(), asyncio.Event(), []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append((await read_request(reader)).split(b" ")[0])
        asked.set()
        await answer.wait()
        writer.write(http("200 OK", {"access_token": "t0ken", "expires_in": "3599"}))
        heard.append(await reader.read(1))
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CALLS, url, stdout=PIPE, cwd=Path(__file__).parents[2]
    )
    async with asyncio.timeout(60):
        await asked.wait()
        child.send_signal(signal.SIGSTOP)
        answer.set()  # it lies ready when the process goes on
        await asyncio.sleep(A_SHORT_TIME_S + 0.2)
        child.send_signal(signal.SIGCONT)
        out, _ = await child.communicate()
    listening.close()
    assert out.decode().splitlines() == ["Failed True", "Failed True"]
    assert heard == [b"GET", b""]


async def test_once_its_time_is_over_a_call_is_not_sent_over_an_open_connection_either() -> None:
    heard: list[bytes] = []

    async def push(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http("200 OK", ACCEPTED))

    async with server(push, heard) as url, httpx.AsyncClient(trust_env=False) as client:
        wire, call, loop = Wire(client, url), Call("push", "POST", "/push", {}, json={}), asyncio.get_running_loop()
        await wire.send(call, loop.time() + SECONDS_FOR_AN_ANSWER)
        assert await wire.send(call, loop.time()) == NotSent("too late")
    assert heard.count(b"POST /push HTTP/1.1") == 1
