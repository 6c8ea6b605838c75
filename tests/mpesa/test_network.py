"""The same client on real sockets: what the kernel and the HTTP library do, respx cannot tell."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from types import ModuleType

import pytest

from mpesa import caller as caller_module
from mpesa import token as token_module
from mpesa.client import DarajaClient
from mpesa.codes import Reason
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown
from mpesa.payouts import B2cAccepted
from mpesa.stk import PushAccepted
from tests.mpesa.daraja import ACCEPTED, INITIATOR, PAYMENT, PUSH, SETTINGS

Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def http(status: str, body: object = "", headers: str = "") -> bytes:
    text = json.dumps(body) if body else ""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(text)}\r\n{headers}\r\n{text}".encode()


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    return head + await reader.readexactly(length)


@asynccontextmanager
async def server(push: Answering, heard: list[bytes]) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await read_request(reader):
                heard.append(request.split(b"\r\n")[0])
                if request.startswith(b"GET /oauth/"):
                    writer.write(http("200 OK", {"access_token": "t0ken", "expires_in": "3599"}))
                else:
                    await push(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            heard.append(b"closed")
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    listening.close()


async def push_to(base_url: str) -> Outcome[PushAccepted]:
    client = DarajaClient(replace(SETTINGS, base_url=base_url), lambda: datetime.now(UTC))
    try:
        return await client.stk_push(PUSH)
    finally:
        await client.aclose()


async def outcome_when(push: Answering) -> tuple[Outcome[PushAccepted], int]:
    """And how many pushes arrived."""
    heard: list[bytes] = []
    async with server(push, heard) as base_url:
        outcome = await push_to(base_url)
    return outcome, sum(line.startswith(b"POST") for line in heard)


async def test_an_answer_over_a_real_socket_is_read() -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http("200 OK", ACCEPTED))

    outcome, pushes = await outcome_when(answer)
    assert isinstance(outcome, Succeeded)
    assert pushes == 1


async def test_a_connection_reset_after_sending_is_unknown() -> None:
    async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    outcome, pushes = await outcome_when(reset)
    assert isinstance(outcome, Unknown)
    assert pushes == 1


async def test_a_connection_closed_in_the_middle_of_the_answer_is_unknown() -> None:
    async def half(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http("200 OK", ACCEPTED)[:-20])
        await writer.drain()
        writer.close()

    outcome, pushes = await outcome_when(half)
    assert isinstance(outcome, Unknown)
    assert pushes == 1


async def test_a_redirect_to_ourselves_is_not_followed() -> None:
    async def redirect(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http("307 Temporary Redirect", headers="Location: /mpesa/stkpush/v1/processrequest\r\n"))

    outcome, pushes = await outcome_when(redirect)
    assert outcome == Unknown("HTTP 307")
    assert pushes == 1


async def test_a_slow_answer_is_unknown_when_the_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    monkeypatch.setattr(caller_module, "SECONDS_FOR_AN_ANSWER", 0.3)
    outcome, pushes = await outcome_when(silent)
    assert outcome == Unknown("no answer: TimeoutError")
    assert pushes == 1


async def test_an_answer_that_trickles_cannot_hold_us_longer_than_our_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not reader.at_eof():
            writer.write(b" ")
            await asyncio.wait([asyncio.create_task(reader.read(1))], timeout=0.02)

    monkeypatch.setattr(caller_module, "SECONDS_FOR_AN_ANSWER", 0.3)
    async with asyncio.timeout(5):
        outcome, _ = await outcome_when(trickle)
    assert outcome == Unknown("no answer: TimeoutError")


async def test_an_endless_answer_is_cut_off() -> None:
    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 65536)
            await writer.drain()

    outcome, pushes = await outcome_when(endless)
    assert outcome == Unknown("HTTP 200 that says nothing")
    assert pushes == 1


@pytest.mark.parametrize(
    ("module", "limit", "why"),
    [
        (token_module, "SECONDS_TO_FETCH", "no access token: TimeoutError"),
        (caller_module, "SECONDS_FOR_AN_ANSWER", "no access token in time"),
    ],
)
async def test_a_token_that_does_not_come_in_time_means_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, limit: str, why: str
) -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    monkeypatch.setattr(module, limit, 0.2)
    heard: list[bytes] = []
    async with server(silent, heard) as base_url:
        monkeypatch.setattr(token_module, "PATH", "/slow")
        outcome = await push_to(base_url)
    assert outcome == Failed(Reason.NOT_REACHED, "", why)
    assert outcome.not_accepted
    assert not any(line.startswith(b"POST") for line in heard)


async def pay_to(base_url: str) -> Outcome[B2cAccepted]:
    client = DarajaClient(replace(SETTINGS, base_url=base_url), lambda: datetime.now(UTC))
    try:
        return await client.payouts(INITIATOR).b2c(PAYMENT)
    finally:
        await client.aclose()


async def test_a_payment_whose_connection_is_reset_after_sending_is_unknown_and_was_sent_once() -> None:
    async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    heard: list[bytes] = []
    async with server(reset, heard) as base_url:
        outcome = await pay_to(base_url)
    assert isinstance(outcome, Unknown)
    assert [line for line in heard if line.startswith(b"POST")] == [b"POST /mpesa/b2c/v3/paymentrequest HTTP/1.1"]


async def test_a_payment_that_meets_a_refused_connection_was_not_accepted(unused_tcp_port: int) -> None:
    outcome = await pay_to(f"http://127.0.0.1:{unused_tcp_port}")
    assert isinstance(outcome, Failed)
    assert outcome.not_accepted


async def test_a_refused_connection_means_nothing_was_sent(unused_tcp_port: int) -> None:
    outcome = await push_to(f"http://127.0.0.1:{unused_tcp_port}")
    assert isinstance(outcome, Failed)
    assert outcome.not_accepted


async def test_a_name_that_does_not_resolve_means_nothing_was_sent() -> None:
    outcome = await push_to("http://daraja.invalid")
    assert isinstance(outcome, Failed)
    assert outcome.not_accepted


async def test_a_server_that_does_not_speak_tls_was_sent_nothing() -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"no TLS here\r\n")
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(plain, "127.0.0.1", 0)
    outcome = await push_to(f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    listening.close()
    assert isinstance(outcome, Failed)
    assert outcome.not_accepted
