"""Runs due jobs. A handler returns None when the job is done, or the moment to run it again."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection

from fundraising.log_context import follow, name_of
from fundraising.outages import is_outage
from storage import jobs
from storage.database import Database, LeaseOver, always, writing_only_while

J = TypeVar("J", bound=jobs.Job)
Again = datetime | None
Handler = Callable[[Any, int], Awaitable[Again]]
log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
POLL = timedelta(seconds=1)
GIVE_UP_AFTER = 12
SLOTS_APART = 4
LONGEST_WAIT = timedelta(hours=1)
LONGEST_OUTAGE_WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Sharing:
    """How a lane is shared with other processes."""

    lease: timedelta = LEASE  # of a job: one that nobody has ended by then is taken up again, by whoever comes first
    may_work: Callable[[], bool] = always
    look_every: timedelta = POLL  # other processes add jobs too, and do not wake us


ALONE = Sharing()


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
        sharing: Sharing = ALONE,
    ):
        self.lane = lane
        self._database, self._now, self._slots, self._outages = database, now, slots, outages
        self._sharing = sharing
        self._handlers: dict[str, tuple[type[Any], Handler]] = {}
        self._apart: set[str] = set()
        self._running: dict[asyncio.Task[None], str] = {}
        self._claiming: set[asyncio.Task[int]] = set()
        self._failures: Counter[int] = Counter()  # in a row, by job: attempts also count when a handler asked for more
        self._freed = asyncio.Event()

    def on(
        self, kind: type[J], handle: Callable[[J, int], Awaitable[datetime | None]], apart: bool = False
    ) -> "Worker":
        """`apart`: it calls nobody outside, and has slots that no slow call can take."""
        if kind.lane != self.lane:
            raise ValueError(f"{kind.__name__} belongs to the lane {kind.lane}")
        self._handlers[kind.__name__] = (kind, handle)
        self._apart |= {kind.__name__} if apart else set()
        return self

    @property
    def kinds(self) -> list[str]:
        """Of jobs that are handled here."""
        return list(self._handlers)

    async def start_due(self) -> int:
        """Claims what is due, as far as slots are free, and starts it; returns how many."""
        free = self._free_slots() if self._sharing.may_work() else []
        due = await self._database.read(lambda conn: jobs.next_due(conn, self.lane)) if free else None
        if due is None or due > self._now():
            return 0
        return await self._uncancelled(self._claim_and_start(free))

    def _free_slots(self) -> list[tuple[list[str], int]]:
        """How many jobs of which kinds could be started."""
        running_apart = sum(kind in self._apart for kind in self._running.values())
        calling = [kind for kind in self._handlers if kind not in self._apart]
        free = [
            (calling, self._slots - len(self._running) + running_apart),
            (sorted(self._apart), SLOTS_APART - running_apart),
        ]
        return [(kinds, count) for kinds, count in free if kinds and count > 0]

    async def _uncancelled(self, work: Coroutine[Any, Any, int]) -> int:
        """A stop between the claim's commit and the start of its task would leave the job to its lease."""
        claiming = asyncio.create_task(work)
        self._claiming.add(claiming)
        claiming.add_done_callback(self._claiming.discard)
        return await asyncio.shield(claiming)

    async def _claim_and_start(self, free: list[tuple[list[str], int]]) -> int:
        claims = await self._database.write(lambda conn: self._claim(conn, free))
        for claim in claims:
            task = asyncio.create_task(self._run(claim), name=f"{claim.kind} {claim.id}")
            self._running[task] = claim.kind
            task.add_done_callback(self._free)
        return len(claims)

    def _claim(self, conn: Connection, free: list[tuple[list[str], int]]) -> list[jobs.Claim]:
        now, lease = self._now(), self._sharing.lease
        claims = [each for kinds, count in free for each in jobs.claim(conn, self.lane, kinds, now, lease, count)]
        takes = [self._handlers[claim.kind][0].takes for claim in claims]
        return [
            jobs.prolong(conn, claim, now + needed) if needed > lease else claim
            for claim, needed in zip(claims, takes, strict=True)
        ]

    async def forever(self) -> None:
        """Works while there is work; then sleeps until some is committed here, a slot is freed, or it is time again."""
        while True:
            work = self._database.next_work()
            self._freed.clear()
            pause = self._sharing.look_every
            try:
                started = await self.start_due()
            except Exception as error:  # noqa: BLE001 the database may be away for a minute; the loop outlives it
                complain(error, "the %s lane could not look for work", self.lane)
                started, pause = 0, POLL
            if not started:
                await first_of(pause, work, self._freed)

    async def finish(self, within: timedelta) -> None:
        """Lets running jobs end; those that do not are left to their lease."""
        loop = asyncio.get_running_loop()
        until = loop.time() + within.total_seconds()
        while work := self._claiming | self._running.keys():
            _, unfinished = await asyncio.wait(work, timeout=max(until - loop.time(), 0))
            if unfinished:
                return

    def _free(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._freed.set()

    async def _run(self, claim: jobs.Claim) -> None:
        kind, handle = self._handlers[claim.kind]
        if payment := payment_in(claim.payload):
            follow(payment)
        try:
            again = await self._within_lease(claim, lambda: handle(kind(**claim.payload), claim.attempt))
        except LeaseOver:
            log.warning("job %s %s outlived its lease, attempt %s", claim.kind, claim.payload, claim.attempt)
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

    async def _within_lease(self, claim: jobs.Claim, work: Callable[[], Awaitable[Again]]) -> Again:
        """Where this process stood still, the job is another's by now: what is left of it here is not done.

        Raises LeaseOver.
        """
        left = claim.leased_until - self._now()
        if left <= timedelta():
            raise LeaseOver
        try:
            with writing_only_while(lambda: self._now() < claim.leased_until):
                async with asyncio.timeout(left.total_seconds()) as lease:
                    return await work()
        except TimeoutError:
            if lease.expired():
                raise LeaseOver from None
            raise

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
        except Exception as error:  # noqa: BLE001 it is complained of
            complain(error, "a job's end was not stored: its lease runs out and it runs again")


def payment_in(payload: Mapping[str, Any]) -> str | None:
    """Whose lines in the log this job's are. (Of an attempt, the use case knows the payout.)"""
    for kind in ("donation", "payout", "batch"):
        if number := payload.get(f"{kind}_id"):
            return name_of(kind, number)
    return None


def complain(error: Exception, sentence: str, *about: object) -> None:
    """Of an outage in one line: there will be many."""
    if is_outage(error):
        log.warning(f"{sentence}: %s", *about, type(error).__name__)
    else:
        log.error(sentence, *about, exc_info=error)


async def first_of(at_most: timedelta, *events: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=at_most.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
