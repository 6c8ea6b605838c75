"""What the database could not take, kept in files beside it until it can; emptied file by file, the oldest first.

A record is MAGIC, its length, its CRC-32 and its bytes. What a crash tore was never promised to anybody.
A file belongs to who holds its lock: several processes may share a folder, and the next takes over from the dead.
"""

import asyncio
import fcntl
import logging
import os
import struct
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from zlib import crc32

from storage.batcher import Batcher
from storage.journal import sync_folder

T = TypeVar("T")
log = logging.getLogger(__name__)
MAGIC = b"TVS1"
HEADER = struct.Struct(">4sII")
SUFFIX, DAMAGED = ".spool", ".damaged"
MOST_BYTES = 256 * 1024 * 1024
FILE_BYTES = 4 * 1024 * 1024  # then the next file is begun


class SpoolFull(OSError):
    """It holds as much as it may."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The records of one file, which is this process's until it is dropped or given back."""

    path: Path
    handle: int
    records: list[bytes]
    is_whole: bool


class Spool:
    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES):
        self.folder, self._most_bytes = folder, most_bytes
        self._thread = ThreadPoolExecutor(1, "spool")  # every touch of a file: no locks, and no waiting in the loop
        self._batcher = Batcher[bytes, None](lambda records: self._in_thread(lambda: self._append(records)))
        self._handle: int | None = None  # of the file that is being filled

    async def append(self, record: bytes) -> None:
        """Returns when it is on the disk. Raises SpoolFull, OSError: then it is not kept."""
        await self._batcher.send(record)

    async def take(self, after: Path | None = None) -> Batch | None:
        """The oldest file (after that one) that no other process holds."""
        taking = asyncio.ensure_future(self._in_thread(lambda: self._take(after)))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            taking.add_done_callback(leave_alone)
            raise

    async def drop(self, batch: Batch) -> None:
        """All of it is stored elsewhere."""
        await self._in_thread(lambda: self._drop(batch))

    async def give_back(self, batch: Batch) -> None:
        await self._in_thread(lambda: os.close(batch.handle))

    async def close(self) -> None:
        await self._batcher.finish()
        await self._in_thread(self._leave_file)
        self._thread.shutdown(wait=False)

    def has_room(self) -> bool:
        return self.held_bytes() < self._most_bytes

    def held_bytes(self) -> int:
        if not self.folder.is_dir():
            return 0
        with os.scandir(self.folder) as entries:
            return sum(size_of(entry) for entry in entries)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _append(self, records: list[bytes]) -> list[Exception | None]:
        room, text, answers = self._most_bytes - self.held_bytes(), bytearray(), list[Exception | None]()
        for record in records:
            fits = len(text) + HEADER.size + len(record) <= room
            answers.append(None if fits else SpoolFull(f"{self.folder} holds {self._most_bytes} bytes"))
            text += framed(record) if fits else b""
        if text:
            self._write(bytes(text))
        return answers

    def _write(self, text: bytes) -> None:
        handle = self._begin_file() if self._handle is None else self._handle
        before = os.fstat(handle).st_size
        try:
            write_all(handle, text)
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, before)
            self._leave_file()
            raise
        if before + len(text) > FILE_BYTES:
            self._leave_file()

    def _begin_file(self) -> int:
        """It gets its name when it is locked: nobody takes an empty file away from under us."""
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            sync_folder(self.folder.parent)
        path = self.folder / f"{time.time_ns()}-{os.getpid()}{SUFFIX}"
        handle = os.open(path.with_suffix(".new"), os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        path.with_suffix(".new").rename(path)
        sync_folder(self.folder)
        self._handle = handle
        return handle

    def _leave_file(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _take(self, after: Path | None) -> Batch | None:
        self._leave_file()
        for path in sorted(self.folder.glob(f"*{SUFFIX}")):
            handle = None if after and path <= after else lock(path)
            if handle is not None:
                return read(path, handle)
        return None

    def _drop(self, batch: Batch) -> None:
        """A damaged file is set aside for a person: what cannot be read may have been promised."""
        try:
            if batch.is_whole:
                batch.path.unlink(missing_ok=True)
            else:
                batch.path.rename(batch.path.with_suffix(DAMAGED))
            sync_folder(self.folder)
        finally:
            os.close(batch.handle)


def leave_alone(taking: "asyncio.Future[Batch | None]") -> None:
    """Nobody waits for the batch any more."""
    if not taking.cancelled() and not taking.exception() and (batch := taking.result()):
        os.close(batch.handle)


def size_of(entry: "os.DirEntry[str]") -> int:
    """Nothing for what is no file, or is one no more: another process empties the folder, too."""
    with suppress(FileNotFoundError):
        return entry.stat().st_size if entry.is_file() else 0
    return 0


def read(path: Path, handle: int) -> Batch:
    """Raises OSError; then the file is anybody's again."""
    try:
        records, lost = whole_records(path.read_bytes())
    except OSError:
        os.close(handle)
        raise
    if lost:
        log.warning("%s bytes of %s are torn and left out", lost, path)
    return Batch(path, handle, records, is_whole=not lost)


def write_all(handle: int, text: bytes) -> None:
    """Returns when it is on the disk."""
    if os.write(handle, text) != len(text):
        raise OSError("the disk took a part only")
    os.fsync(handle)


def lock(path: Path) -> int | None:
    """None when another process holds the file, or has just dropped it."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    if os.fstat(handle).st_nlink:
        return handle
    os.close(handle)
    return None


def framed(record: bytes) -> bytes:
    return HEADER.pack(MAGIC, len(record), crc32(record)) + record


def whole_records(text: bytes) -> tuple[list[bytes], int]:
    """And how many bytes belong to none."""
    found, lost, at = list[bytes](), 0, 0
    while at < len(text):
        record = record_at(text, at)
        if record is None:
            following = text.find(MAGIC, at + 1)
            end = len(text) if following < 0 else following
            lost += end - at
            at = end
        else:
            found.append(record)
            at += HEADER.size + len(record)
    return found, lost


def record_at(text: bytes, at: int) -> bytes | None:
    if len(text) - at < HEADER.size:
        return None
    magic, length, checksum = HEADER.unpack_from(text, at)
    record = text[at + HEADER.size : at + HEADER.size + length]
    return record if magic == MAGIC and len(record) == length and crc32(record) == checksum else None
