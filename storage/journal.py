"""An append-only file beside the database: what was about to be done, for the day a backup brings an older database.

One file a day and machine. A line is the CRC-32 of the entry in hex, a blank, and the entry as JSON.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zlib import crc32

from storage.batcher import Batcher

log = logging.getLogger(__name__)
SUFFIX = ".journal"


class Journal:
    def __init__(self, folder: Path, now: Callable[[], datetime]):
        self.folder, self._now = folder, now
        self._named: Path | None = None  # the file whose name is on the disk
        self._batcher = Batcher[bytes, bool](self._carry)

    async def append(self, entry: bytes) -> bool:
        """Whether the entry is on the disk now. Whoever reads False does not do what it announces."""
        assert b"\n" not in entry, "JSON escapes the ends of lines"
        return await self._batcher.send(entry)

    def entries(self) -> Iterator[bytes]:
        """The oldest first. What a crash tore is left out, and said."""
        for path in self.files():
            yield from whole_lines(path)

    def newest(self, days: int) -> Iterator[bytes]:
        names = sorted({path.name[:10] for path in self.files()})[-days:]
        for path in self.files():
            if path.name[:10] in names:
                yield from whole_lines(path)

    def files(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{SUFFIX}"))

    async def _carry(self, entries: list[bytes]) -> list[bool | Exception]:
        try:
            await asyncio.to_thread(self._append, entries)
        except OSError:
            log.exception("the journal in %s could not be written: nothing is sent to M-Pesa", self.folder)
            return [False] * len(entries)
        return [True] * len(entries)

    def _append(self, entries: list[bytes]) -> None:
        path = self.folder / f"{self._now():%Y-%m-%d}-{socket.gethostname()}{SUFFIX}"
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            sync_folder(self.folder.parent)
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # The blank line parts it from what a crash, or a full disk, tore before.
            text = b"".join(b"\n%08x %s\n" % (crc32(entry), entry) for entry in entries)
            if os.write(file, text) != len(text):
                raise OSError("the disk took a part only")
            os.fsync(file)
        finally:
            os.close(file)
        if path != self._named:  # also a file whose maker died before this
            sync_folder(self.folder)
            self._named = path


def whole_lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        for line in file:
            checksum, _, entry = line.rstrip(b"\n").partition(b" ")
            if entry and checksum == b"%08x" % crc32(entry):
                yield entry
            elif checksum:
                log.warning("a line of %s is torn and left out", path)


def sync_folder(folder: Path) -> None:
    """So that a new name in it survives a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
