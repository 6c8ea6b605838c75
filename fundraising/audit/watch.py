"""The self-check as a job: what does not hold stops all sending before it can cost money."""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import Connection

from fundraising import stops
from fundraising.audit import selfcheck
from fundraising.lanes import MPESA
from fundraising.news import Alarm, TellOwners
from fundraising.statuses import StopCause
from storage import facts, jobs
from storage.database import Database
from storage.jobs import Job
from storage.vault import Vault

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=10)
IN_DETAIL_EVERY, OVERLAP = timedelta(days=1), timedelta(hours=1)
FACT, CHECKED_AT = "problems_in_books", "books_checked_at"
IN_DETAIL, DETAILED_AT = "problems_in_detail", "books_checked_in_detail_at"
MOST_REMEMBERED = 500
MOST_LOGGED = 20


@dataclass(frozen=True)
class CheckBooks(Job):
    lane: ClassVar = MPESA
    takes: ClassVar = timedelta(hours=1)  # in detail, with years of postings


class BooksWatch:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]):
        self._database, self._vault, self._now = database, vault, now

    async def begin(self) -> None:
        await self._database.write(lambda conn: jobs.add(conn, [CheckBooks()], self._now()))

    async def check(self, _job: CheckBooks, _attempt: int) -> datetime:
        """Reads all from one moment, beside the writer. Whatever happens, it runs again."""
        try:
            await self._check()
        except Exception:
            log.exception("the books could not be checked")
        return self._now() + EVERY

    async def _check(self) -> None:
        begun = self._now()
        noted = await self._database.read(lambda conn: facts.read(conn, DETAILED_AT))
        detailed_at = datetime.fromisoformat(noted) if noted else None
        if detailed_at is None or begun - detailed_at >= IN_DETAIL_EVERY:
            problems = await self._database.read(lambda conn: selfcheck.wrong_in_detail(conn, self._vault))
            await self._database.write(lambda conn: self._judge(conn, IN_DETAIL, problems))
            await self._database.write(lambda conn: facts.note(conn, DETAILED_AT, begun.isoformat()))
            detailed_at = begun
        since = detailed_at - OVERLAP
        lately = await self._database.read(lambda conn: selfcheck.wrong_of_late(conn, self._vault, since))
        await self._database.write(lambda conn: self._judge(conn, FACT, lately))
        await self._database.write(lambda conn: facts.note(conn, CHECKED_AT, self._now().isoformat()))

    def _judge(self, conn: Connection, fact: str, problems: list[str]) -> None:
        """Each problem alarms once; two owners who unfreeze knowing it are not overruled ten minutes later."""
        known = set(json.loads(facts.read(conn, fact) or "[]"))
        marks = {mark(problem): problem for problem in problems[:MOST_REMEMBERED]}
        new = [marks[each] for each in marks if each not in known]
        if known != marks.keys():
            facts.note(conn, fact, json.dumps(sorted(marks)) if marks else None)
        if new:
            for problem in new[:MOST_LOGGED]:
                log.error("the books do not hold: %s", problem)
            jobs.add(conn, [TellOwners(Alarm.BOOKS, len(problems))], self._now())
            stops.freeze(conn, StopCause.BOOKS, self._now(), subject(new[0]))


def subject(problem: str) -> str:
    """Without its numbers, which change as money moves."""
    return problem.partition(": ")[0]


def mark(problem: str) -> str:
    return hashlib.sha256(subject(problem).encode()).hexdigest()[:16]
