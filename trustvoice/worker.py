"""Runs due jobs. A handler returns None when the job is done, or the moment to run it again."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from storage import jobs
from storage.database import Database

J = TypeVar("J", bound=jobs.Job)
Handler = Callable[[Any, int], Awaitable[datetime | None]]
log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
POLL = timedelta(seconds=1)
GIVE_UP_AFTER = 12
LONGEST_WAIT = timedelta(hours=1)
LONGEST_OUTAGE_WAIT = timedelta(minutes=1)


class Worker:
    """One a lane, so that Telegram being down holds up no question to M-Pesa. `slots` jobs run side by side.

    `outages`: exceptions that mean that the other side is out of reach, however long; a job is not given up for them.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        lane: str,
        slots: int = 16,
        outages: tuple[type[Exception], ...] = (),
    ):
        self.lane = lane
        self._database, self._now, self._slots, self._outages = database, now, slots, outages
        self._handlers: dict[str, tuple[type[Any], Handler]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._failures: Counter[int] = Counter()  # in a row, by job: attempts also count when a handler asked for more
        self._freed = asyncio.Event()

    def on(self, kind: type[J], handle: Callable[[J, int], Awaitable[datetime | None]]) -> "Worker":
        if kind.lane != self.lane:
            raise ValueError(f"{kind.__name__} belongs to the lane {kind.lane}")
        self._handlers[kind.__name__] = (kind, handle)
        return self

    async def start_due(self) -> int:
        """Claims what is due, as far as slots are free, and starts it; returns how many."""
        free = self._slots - len(self._running)
        due = await self._database.read(lambda conn: jobs.next_due(conn, self.lane)) if free else None
        if due is None or due > self._now():
            return 0
        kinds = list(self._handlers)
        claims = await self._database.write(
            lambda conn: jobs.claim(conn, self.lane, kinds, self._now(), LEASE, free),
        )
        for claim in claims:
            task = asyncio.create_task(self._run(claim), name=f"{claim.kind} {claim.id}")
            self._running.add(task)
            task.add_done_callback(self._free)
        return len(claims)

    async def forever(self) -> None:
        """Works while there is work; then sleeps until some is committed here, a slot is freed, or a second passed."""
        while True:
            work = self._database.next_work()
            self._freed.clear()
            try:
                started = await self.start_due()
            except Exception:  # the database may be away for a minute; the loop outlives it
                log.exception("the %s lane could not look for work", self.lane)
                started = 0
            if not started:
                await first_of(work, self._freed)

    async def finish(self, within: timedelta) -> None:
        """Lets running jobs end; those that do not are left to their lease."""
        if self._running:
            await asyncio.wait(self._running, timeout=within.total_seconds())

    def _free(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._freed.set()

    async def _run(self, claim: jobs.Claim) -> None:
        kind, handle = self._handlers[claim.kind]
        try:
            again = await handle(kind(**claim.payload), claim.attempt)
        except self._outages as error:
            log.warning("job %s %s waits, attempt %s: %s", claim.kind, claim.payload, claim.attempt, error)
            again = self._now() + min(timedelta(seconds=2 ** min(claim.attempt, 10)), LONGEST_OUTAGE_WAIT)
            await self._write(lambda conn: jobs.postpone(conn, claim, again))
        except Exception:
            log.exception("job %s %s failed, attempt %s", claim.kind, claim.payload, claim.attempt)
            later = self._later(claim)
            await self._write(lambda conn: jobs.postpone(conn, claim, later))
        else:
            self._failures.pop(claim.id, None)
            if again is None:
                await self._write(lambda conn: jobs.finish(conn, claim))
            else:
                await self._write(lambda conn: jobs.postpone(conn, claim, again))

    def _later(self, claim: jobs.Claim) -> datetime | None:
        self._failures[claim.id] += 1
        failures = self._failures[claim.id]
        if failures >= GIVE_UP_AFTER:
            log.error("job %s %s is given up: it stays in the jobs table", claim.kind, claim.payload)
            del self._failures[claim.id]
            return None
        return self._now() + min(timedelta(seconds=2**failures), LONGEST_WAIT)

    async def _write(self, fn: Callable[[Any], None]) -> None:
        try:
            await self._database.write(fn)
        except Exception:
            log.exception("a job's end was not stored: its lease runs out and it runs again")


async def first_of(*events: asyncio.Event) -> None:
    """Or POLL, because other processes add jobs too."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=POLL.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
