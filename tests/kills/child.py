"""One life of TrustVoice: real rules, workers, database and journal. It starts, does its work, and dies or ends."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import cast

from sqlalchemy import func, select
from telegram import Bot

from fundraising.construction import build_use_cases
from fundraising.giving.donations import GivingSettings
from storage.database import Database
from storage.journal import Journal
from storage.tables import jobs
from storage.vault import Vault
from tests import fakes
from tests.kills.fate import Fate
from tests.kills.mortal import open_mortal
from tests.kills.outside import Memory, Outside
from tests.kills.story import Story
from trustvoice.jobs import mpesa_worker, telling_worker
from trustvoice.running.worker import Worker

j = jobs.c
VAULT = Vault("a secret key that is only used in tests, never elsewhere")
ASKED_AFTER = tuple(timedelta(seconds=s) for s in (30, 60, 300))
REVIEW_AFTER = timedelta(minutes=30)
GIVING = GivingSettings("https://give.example/webhooks/daraja", ASKED_AFTER, REVIEW_AFTER)
PAYING = replace(fakes.PAYING, query_schedule=ASKED_AFTER, review_after=REVIEW_AFTER)
TRY_AGAIN_AFTER, DRAIN = timedelta(minutes=2), timedelta(seconds=20)
UPS_AND_DOWNS = 500  # of work and waiting, in a life that never comes to rest


class Life:
    def __init__(self, story: Story, url: str, folder: Path, fate: Fate):
        self.database: Database = open_mortal(url, fate)
        self.outside = Outside(Memory(folder / "outside"), fate, story)
        self._act, now = story.act, self.outside.now
        chance, journal = token_bytes, Journal(folder / "journal", now)
        self.house = build_use_cases(
            GIVING, PAYING, self.database, VAULT, self.outside, self.outside, now, chance, journal
        )
        bot = cast(Bot, self.outside)
        self._workers: list[Worker] = [
            mpesa_worker(self.database, now, self.house),
            telling_worker(self.database, now, bot, self.house),
        ]

    async def live(self) -> None:
        """Until nothing is left to do, however many days that takes."""
        self.database.hold()
        assert await self.house.recovery.at_start() == 0, "a crash is taken for a backup that was restored"
        await self._act(self.house)
        for _ in range(UPS_AND_DOWNS):
            await self._work()
            if await self.outside.calls_back(self.house):
                continue
            due = await self._next_due()
            if due is None:
                return
            self.outside.until(due)
        raise AssertionError("it never comes to rest")

    async def _work(self) -> None:
        """One lane after the other, so that every life passes the same points until it dies."""
        while sum([await self._run(worker) for worker in self._workers]):
            pass

    async def _run(self, worker: Worker) -> int:
        started = await worker.start_due()
        await worker.finish(DRAIN)
        return started

    async def _next_due(self) -> datetime | None:
        """What is due and does not start waits for its turn: until the lease of the one before it is over."""
        lanes = [worker.lane for worker in self._workers]
        later = select(func.min(j.run_at)).where(j.lane.in_(lanes), j.run_at > self.outside.moment)
        return await self.database.read(lambda conn: conn.scalar(later))
