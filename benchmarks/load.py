"""Safaricom's side: sends callbacks over HTTP/1.1 connections that stay open, one at a time on each.

`python -m benchmarks.load PORT CONNECTIONS FIRST COUNT [RATE]` prints a Report as JSON. Without RATE (callbacks a
second) all are due at once. A process of its own, on bare transports: it must cost less than what it measures.
"""

import asyncio
import json
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import cast

import uvloop

from benchmarks.stock import body, token

ANSWERED = b"HTTP/1.1 200 OK\r\n"


@dataclass(frozen=True)
class Report:
    seconds: float
    p50_ms: float
    p99_ms: float


class Load:
    def __init__(self, expected: int):
        self.idle: list[Connection] = []
        self.waiting: deque[tuple[bytes, float]] = deque()
        self.took: list[float] = []
        self.expected = expected
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def offer(self, message: bytes, due: float) -> None:
        if self.idle:
            self.idle.pop().send(message, due)
        else:
            self.waiting.append((message, due))

    def fail(self, why: str) -> None:
        if not self.ended.done():
            self.ended.set_exception(RuntimeError(why))


class Connection(asyncio.Protocol):
    def __init__(self, load: Load):
        self._load = load

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._load.idle.append(self)

    def send(self, message: bytes, due: float) -> None:
        """Its time runs from when it was due, so that a slow server cannot hide its queue."""
        self._due = due
        self._transport.write(message)

    def data_received(self, data: bytes) -> None:
        """An answer is some 200 bytes: it comes in one piece."""
        load = self._load
        if not data.startswith(ANSWERED):
            load.fail(f"not accepted: {data[:200]!r}")
        load.took.append(time.perf_counter() - self._due)
        if load.waiting:
            self.send(*load.waiting.popleft())
        else:
            load.idle.append(self)
            if len(load.took) == load.expected:
                load.ended.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._load.fail(f"the server hung up: {exc}")


def request(n: int) -> bytes:
    said = body(n)
    head = (
        f"POST /webhooks/daraja/{token(n)} HTTP/1.1\r\nHost: give.example\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(said)}\r\n\r\n"
    )
    return head.encode() + said


async def run(port: int, connections: int, first: int, count: int, rate: int = 0) -> Report:
    requests = [request(n) for n in range(first, first + count)]
    load, loop = Load(count), asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(load), "127.0.0.1", port)
    begun = time.perf_counter()
    for i, message in enumerate(requests):
        due = begun + (i / rate if rate else 0)
        if due > time.perf_counter():
            await asyncio.sleep(due - time.perf_counter())
        load.offer(message, due)
    await load.ended
    seconds = time.perf_counter() - begun
    load.took.sort()
    return Report(seconds, load.took[count // 2] * 1e3, load.took[count * 99 // 100] * 1e3)


if __name__ == "__main__":
    print(json.dumps(asdict(uvloop.run(run(*map(int, sys.argv[1:]))))))
