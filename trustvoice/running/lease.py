"""Keeps a lease for this process, for as long as it runs and the database answers."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from storage import leases
from storage.database import Database
from trustvoice.settings.model import Settings

log = logging.getLogger(__name__)
LENGTH = timedelta(seconds=15)
RENEWALS = 4  # within its length: losing one or two does not lose it
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Holding(Protocol):
    def is_held(self) -> bool: ...

    async def begin(self) -> None: ...

    async def end(self) -> None: ...


class Sole:
    """Where only one process may run at a time: all is its own."""

    def is_held(self) -> bool:
        return True

    async def begin(self) -> None:
        return

    async def end(self) -> None:
        return


class Lease:
    def __init__(self, database: Database, name: str, now: Callable[[], datetime], length: timedelta = LENGTH):
        self._database, self._name, self._now, self._length = database, name, now, length
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"  # for people who look into it
        self._until = LONG_AGO
        self._task: asyncio.Task[None] | None = None

    def is_held(self) -> bool:
        """It ends by itself, also in a process that stood still or lost the database."""
        return self._now() < self._until

    async def begin(self) -> None:
        """Returns when it was asked for once."""
        await self._ask()
        self._task = asyncio.create_task(self._keep(), name=f"lease {self._name}")

    async def end(self) -> None:
        """Hands it on at once, where the database can be reached."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._until = LONG_AGO
        try:
            async with asyncio.timeout(self._pause_s):
                await self._database.write(lambda conn: leases.release(conn, self._name, self._holder))
        except Exception:
            log.exception("the lease %s could not be handed on: it ends within %s", self._name, self._length)

    @property
    def _pause_s(self) -> float:
        return self._length.total_seconds() / RENEWALS

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._pause_s)
            await self._ask()

    async def _ask(self) -> None:
        """`asked_at` is the earlier of the two moments, so we never believe in it for longer than the others do."""
        asked_at, held_before = self._now(), self.is_held()
        try:
            async with asyncio.timeout(self._length.total_seconds()):
                ours = await self._database.write(
                    lambda conn: leases.take(conn, self._name, self._holder, self._now(), self._length)
                )
        except Exception as error:  # noqa: BLE001 whatever it is, the lease ends by itself
            log.warning("the lease %s could not be asked for: %s", self._name, type(error).__name__)
            return
        self._until = asked_at + self._length if ours else LONG_AGO
        if ours != held_before:
            log.info("the lease %s is %s", self._name, "ours now" if ours else "another replica's")


def lease_of_telegram(settings: Settings, database: Database, now: Callable[[], datetime]) -> Holding:
    """One replica speaks to Telegram, so that one limiter keeps its pace, and so that two never fetch at once."""
    if settings.is_sqlite:
        return Sole()
    return Lease(database, "telegram", now, timedelta(seconds=settings.telegram_lease))
