"""How much room is left on the disks that we write to: below the mark nothing new is begun, but callbacks are taken."""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from fundraising.news import Alarm, TellOwners
from storage import facts, jobs
from storage.database import Database

log = logging.getLogger(__name__)
MEGABYTE = 1024 * 1024
LOOKED_AT_FOR_S = 5.0  # a look is cheap, but not free for each donation
LOOK_EVERY_S = 30.0


def free_bytes(folder: Path) -> int:
    """Where the folder is, or will be."""
    there = next(place for place in (folder, *folder.resolve().parents) if place.exists())
    disk = os.statvfs(there)
    return disk.f_bavail * disk.f_frsize


class Space:
    def __init__(
        self,
        folders: Iterable[Path],
        least_mb: int,
        free: Callable[[Path], int] = free_bytes,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._folders, self._least_mb, self._free, self._clock = set(folders), least_mb, free, clock
        self._free_mb, self._looked_at = 0, float("-inf")

    def free_mb(self) -> int:
        """Of the fullest disk."""
        if self._clock() - self._looked_at >= LOOKED_AT_FOR_S:
            self._free_mb = min(map(self._free, self._folders)) // MEGABYTE
            self._looked_at = self._clock()
        return self._free_mb

    def is_short(self) -> bool:
        return self.free_mb() < self._least_mb


class SpaceWatch:
    """Tells the owners once each time that the room falls below the mark, also over a restart."""

    def __init__(self, database: Database, space: Space, now: Callable[[], datetime]):
        self._database, self._space, self._now = database, space, now
        self._known: bool | None = None

    async def forever(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("the owners could not be told how much room is left")
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        short = self._space.is_short()
        if short != self._known:
            await self._database.write(lambda conn: self._note(conn, short))
            self._known = short

    def _note(self, conn: Connection, short: bool) -> None:
        fact = f"short_of_space:{socket.gethostname()}"
        if short and facts.read(conn, fact) is None:
            log.error("only %s MB are free on the disk: new donations and payouts are refused", self._space.free_mb())
            jobs.add(conn, [TellOwners(Alarm.SPACE, self._space.free_mb())], self._now())
        facts.note(conn, fact, "yes" if short else None)
