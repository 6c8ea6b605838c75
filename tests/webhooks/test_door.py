"""Strangers who say nothing, or never end, over real connections: they go, and keep nobody else out."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import uvloop
from aiohttp import web

from trustvoice.run import listen
from webhooks import headers
from webhooks.door import Door

HELLO = b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
HELLO_SAID = b"HTTP/1.1 200 OK"


@dataclass
class House:
    door: Door
    port: int

    async def visitor(self, says: bytes = b"") -> "Visitor":
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        visitor = Visitor(reader, writer)
        visitor.say(says)
        return visitor


@dataclass
class Visitor:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def say(self, words: bytes) -> None:
        self.writer.write(words)

    async def hears(self) -> bytes:
        async with asyncio.timeout(10):
            return await self.reader.readuntil(b"\r\n\r\n")

    async def is_sent_away(self) -> bytes:
        """What was heard until the end."""
        async with asyncio.timeout(10):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""


@asynccontextmanager
async def opened(door: Door) -> AsyncIterator[House]:
    app = web.Application()
    headers.add(app, is_public=True)

    async def hello(_request: web.Request) -> web.Response:
        return web.Response(text="hello")

    async def read(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async def think(_request: web.Request) -> web.Response:
        await asyncio.sleep(0.3)
        return web.Response(text="thought")

    app.router.add_get("/hello", hello)
    app.router.add_get("/think", think)
    app.router.add_post("/read", read)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await listen(runner, door, "127.0.0.1", 0)
    try:
        yield House(door, runner.addresses[0][1])
    finally:
        await runner.cleanup()


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with opened(Door(whole_within_s=0.05)) as house:
        yield house


UNFINISHED = {
    "nothing": b"",
    "half a line": b"GET /hel",
    "half of the headers": b"GET /hello HTTP/1.1\r\nHost: x\r\nA: b\r\n",
    "half of the body": b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345",
    "half of a chunk": b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\na\r\n12",
    "a body that nobody reads": b"GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345",
}


@pytest.mark.parametrize("what", UNFINISHED)
async def test_who_does_not_end_a_request_in_time_is_sent_away(house: House, what: str) -> None:
    visitor = await house.visitor(UNFINISHED[what])
    await asyncio.sleep(0.1)
    house.door.close_the_slow()
    await visitor.is_sent_away()
    assert (await (await house.visitor(HELLO)).hears()).startswith(HELLO_SAID)


def test_on_the_loop_that_the_program_runs_on_as_well() -> None:
    async def scenario() -> None:
        async with opened(Door(whole_within_s=0.05)) as house:
            silent, dripping = await house.visitor(), await house.visitor(UNFINISHED["half of the body"])
            await asyncio.sleep(0.1)
            house.door.close_the_slow()
            await silent.is_sent_away()
            await dripping.is_sent_away()

    uvloop.run(scenario())


async def test_half_of_a_second_request_is_no_more_patiently_waited_for(house: House) -> None:
    visitor = await house.visitor(HELLO)
    await visitor.hears()
    visitor.say(b"GET /hel")
    await asyncio.sleep(0.1)
    house.door.close_the_slow()
    await visitor.is_sent_away()


async def test_who_drips_gains_nothing_by_it(house: House) -> None:
    visitor = await house.visitor(b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(6):
        visitor.say(b".")
        await asyncio.sleep(0.02)
    house.door.close_the_slow()
    await visitor.is_sent_away()


async def test_who_waits_for_an_answer_or_between_two_requests_stays(house: House) -> None:
    thinking = await house.visitor(b"GET /think HTTP/1.1\r\nHost: x\r\n\r\n")
    idle = await house.visitor(HELLO)
    await idle.hears()
    await asyncio.sleep(0.1)
    house.door.close_the_slow()
    assert (await thinking.hears()).startswith(HELLO_SAID)
    idle.say(HELLO)
    assert b"200 OK" in await idle.hears()


async def test_where_it_is_full_whoever_did_nothing_for_the_longest_time_makes_room() -> None:
    async with opened(Door(most=3)) as house:
        silent, busy, third = [await house.visitor() for _ in range(3)]
        busy.say(HELLO)
        await busy.hears()
        newcomer = await house.visitor(HELLO)
        assert (await newcomer.hears()).startswith(HELLO_SAID)
        await silent.is_sent_away()
        for visitor in (busy, third):
            visitor.say(HELLO)
            assert b"200 OK" in await visitor.hears()


NO_HTTP: dict[str, bytes] = {
    "no HTTP": b"\x16\x03\x01secret\r\n\r\n",
    "a header without a colon": b"GET /hello HTTP/1.1\r\nHost: x\r\nsecret\r\n\r\n",
    "too long a line": b"GET /" + b"secret" * 5_000 + b" HTTP/1.1\r\n\r\n",
    "a body of no length": b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: secret\r\n\r\n",
    "a chunk of no size": b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nsecret\r\n",
}


@pytest.mark.parametrize("what", NO_HTTP)
async def test_what_is_no_http_is_answered_without_its_words_our_versions_or_a_line_in_the_log(
    house: House, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    said = await (await house.visitor(NO_HTTP[what])).is_sent_away()
    assert said.split(b"\r\n")[0].endswith(b" 400 Bad Request")
    assert b"secret" not in said
    assert b"aiohttp" not in said
    assert b"Python" not in said
    assert b"nosniff" in said
    assert [record for record in caplog.records if record.levelname != "DEBUG"] == []


async def test_who_goes_away_in_the_middle_leaves_no_line_in_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = await house.visitor(UNFINISHED["half of the body"])
    await asyncio.sleep(0.02)
    visitor.writer.transport.abort()
    assert (await (await house.visitor(HELLO)).hears()).startswith(HELLO_SAID)
    assert [record for record in caplog.records if record.levelname != "DEBUG"] == []


async def test_nothing_is_unpacked_on_its_way_in(house: House) -> None:
    packed = gzip.compress(bytes(100_000))
    head = f"POST /read HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    visitor = await house.visitor(head.encode() + packed)
    await visitor.hears()
    assert await visitor.reader.read(100) == str(len(packed)).encode()


async def test_every_answer_says_what_it_is_and_who_may_read_it_only_encrypted(house: House) -> None:
    for path, status in ((b"/hello", b"200"), (b"/nothing", b"404"), (b"/read", b"405")):
        said = await (await house.visitor(HELLO.replace(b"/hello", path))).hears()
        assert said.split()[1] == status
        assert b"X-Content-Type-Options: nosniff" in said
        assert b"Strict-Transport-Security: max-age=" in said
        assert b"Server: TrustVoice\r\n" in said


async def test_the_door_looks_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhooks.door.LOOK_EVERY_S", 0.01)
    async with opened(Door(whole_within_s=0.02)) as house:
        looking = asyncio.create_task(house.door.forever())
        await (await house.visitor(b"GET")).is_sent_away()
        looking.cancel()
