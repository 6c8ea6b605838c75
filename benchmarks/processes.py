"""Server and load generator, started and stopped."""

import asyncio
import json
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import IO

from benchmarks.load import Report
from benchmarks.stock import SECRET_KEY

SETTINGS = {
    "TELEGRAM_BOT_TOKEN": "1:benchmark",
    "MPESA_CONSUMER_KEY": "key",
    "MPESA_CONSUMER_SECRET": "secret",
    "MPESA_SHORTCODE": "174379",
    "MPESA_PASSKEY": "passkey",
    "PUBLIC_URL": "https://give.example",
    "SECRET_KEY": SECRET_KEY,
}


@asynccontextmanager
async def server(database_url: str | None = None) -> AsyncIterator[int]:
    """Its port. Without a database it is the one that only parses."""
    which = "trustvoice" if database_url else "parser"
    with tempfile.TemporaryFile() as log:
        process = await start("benchmarks.server", which, stderr=log, DATABASE_URL=database_url or "")
        assert process.stdout
        try:
            port = await process.stdout.readline()
            if not port:
                log.seek(0)
                raise RuntimeError(log.read().decode())
            yield int(port)
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


async def send(port: int, connections: int, numbers: range, rate: int = 0) -> Report:
    """Raises RuntimeError when a callback was not answered with 200."""
    process = await start("benchmarks.load", *map(str, (port, connections, numbers.start, len(numbers), rate)))
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the load generator failed")
    return Report(**json.loads(out))


async def start(module: str, *arguments: str, stderr: IO[bytes] | None = None, **environment: str) -> Process:
    command = (sys.executable, "-m", module, *arguments)
    return await asyncio.create_subprocess_exec(
        *command, stdout=PIPE, stderr=stderr, env=os.environ | SETTINGS | environment
    )
