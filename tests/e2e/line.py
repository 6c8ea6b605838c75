"""A line to somebody that can be cut: then connections are refused, as when the other side is down."""

import asyncio
from contextlib import suppress

from trustvoice.rehearsal.child import LOOPBACK, free_port


class Line:
    def __init__(self) -> None:
        self.port = free_port(0)
        self._to = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    async def lead_to(self, port: int) -> None:
        self._to = port
        await self.mend()

    async def cut(self) -> None:
        if self._server:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        self._server = None

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._carry, LOOPBACK, self.port)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there = await asyncio.open_connection(LOOPBACK, self._to)
        both = {writer, there}
        self._open |= both
        try:
            await asyncio.gather(pump(reader, there), pump(there_reader, writer))
        finally:
            self._open -= both


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
