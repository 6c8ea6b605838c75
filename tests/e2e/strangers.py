"""Strangers on the internet who want the server to choke: connections that say nothing, or never end, and bombs.

`python -m tests.e2e.strangers PORT IDLE SLOW` is the connections, in a process of their own, until it is ended.
"""

import asyncio
import contextlib
import gzip
import random
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from trustvoice.running.descriptors import take_all_allowed

BOMB = gzip.compress(bytes(63_000_000), 9)  # 61 KB
DRIP = b"POST /webhooks/daraja/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
PATHS = ("/webhooks/daraja/x", "/webhooks/mpesa/b2c/result/x", "/payouts/bulk?campaign_id=1", "/webhooks/telegram")


@dataclass
class Strangers:
    port: int
    pid: int

    def memory_kb(self) -> int:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    @contextlib.asynccontextmanager
    async def hanging_about(self, idle: int, slow: int) -> AsyncIterator[None]:
        words = ("-m", "tests.e2e.strangers", *map(str, (self.port, idle, slow)))
        process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
        assert process.stdout
        try:
            assert await process.stdout.readline() == b"here\n"
            yield
        finally:
            process.terminate()
            await process.wait()

    async def post(self, path: str, body: bytes, **headers: str) -> tuple[int, float]:
        """The status, and how many seconds it took, from the first step to a connection on."""
        lines = [f"POST {path} HTTP/1.1", "Host: x", "Connection: close", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        status = int((await reader.readline()).split()[1])
        took = time.perf_counter() - began
        writer.close()
        return status, took

    async def say_nothing(self) -> float:
        """After how many seconds one is sent away."""
        began = time.perf_counter()
        reader, _writer = await asyncio.open_connection("127.0.0.1", self.port)
        with contextlib.suppress(ConnectionResetError):
            await reader.read()
        return time.perf_counter() - began

    async def throw_bombs(self, count: int) -> set[int]:
        """Twenty at a time; the statuses that they were answered with."""
        statuses: set[int] = set()
        for n in range(0, count, 20):
            bombs = [self.post(PATHS[each % 4], BOMB, Content_Encoding="gzip") for each in range(n, min(n + 20, count))]
            statuses |= {status for status, _ in await asyncio.gather(*bombs)}
        return statuses


async def hang_about(port: int, idle: int, slow: int) -> None:
    """So many that say nothing, and so many that drip a byte a second. Whoever is sent away comes back."""
    take_all_allowed()
    strangers = [asyncio.create_task(say_nothing(port)) for _ in range(idle)]
    strangers += [asyncio.create_task(drip(port)) for _ in range(slow)]
    await asyncio.sleep(2)
    print("here", flush=True)  # noqa: T201 whoever started this waits for it
    await asyncio.gather(*strangers)


async def say_nothing(port: int) -> None:
    while True:
        await asyncio.sleep(random.random())
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await reader.read()
            writer.close()


async def drip(port: int) -> None:
    while True:
        await asyncio.sleep(random.random())
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(DRIP)
            while not reader.at_eof():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(hang_about(*map(int, sys.argv[1:])))
