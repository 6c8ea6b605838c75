"""A worker's handlers under the test's command: a choir that sings what it is told."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import Connection, select

from storage import jobs, tables
from storage.database import Database
from storage.jobs import Job
from tests.fakes import FakeClock
from trustvoice.running.worker import Worker

SOON = timedelta(seconds=20)


@dataclass(frozen=True)
class Sing(Job):
    lane: ClassVar = "choir"
    song: str


@dataclass(frozen=True)
class Rehearse(Job):
    lane: ClassVar = "choir"
    takes: ClassVar = timedelta(hours=1)


@dataclass(frozen=True)
class Dance(Job):
    lane: ClassVar = "ballet"


@dataclass
class Choir:
    """Sings what it is told; `behave` decides how a song ends."""

    database: Database
    clock: FakeClock = field(default_factory=FakeClock)
    sung: list[tuple[str, int]] = field(default_factory=list)
    on_stage: int = 0
    most_on_stage: int = 0
    curtain: asyncio.Event = field(default_factory=asyncio.Event)
    behave: Callable[[str, int], datetime | None] = lambda _song, _attempt: None
    waits_for_the_curtain: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.changed = asyncio.Condition()
        self.worker = Worker(self.database, self.clock, "choir", slots=4).on(Sing, self.sing)

    async def sing(self, job: Sing, attempt: int) -> datetime | None:
        await self.step(1)
        try:
            if job.song in self.waits_for_the_curtain:
                await self.curtain.wait()
            return self.behave(job.song, attempt)
        finally:
            self.sung.append((job.song, attempt))
            await self.step(-1)

    async def step(self, onto_the_stage: int) -> None:
        async with self.changed:
            self.on_stage += onto_the_stage
            self.most_on_stage = max(self.most_on_stage, self.on_stage)
            self.changed.notify_all()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(condition)

    async def add(self, *songs: str) -> None:
        await self.database.write(lambda conn: jobs.add(conn, [Sing(song) for song in songs], self.clock()))

    async def heard(self, times: int) -> None:
        await self.until(lambda: len(self.sung) >= times)

    async def work(self) -> None:
        while await self.worker.start_due():
            await self.worker.finish(SOON)

    async def waiting(self) -> list[tuple[datetime | None, int]]:
        j = tables.jobs.c

        def fn(conn: Connection) -> list[tuple[datetime | None, int]]:
            return [(row.run_at, row.attempt) for row in conn.execute(select(j.run_at, j.attempt).order_by(j.id))]

        return await self.database.read(fn)
