"""The report that makes itself every day, to each owner once. A day that fails does not end the chain of days."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar

import msgspec
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from fundraising import days
from fundraising.audit.news import SendReport
from fundraising.audit.selfcheck import SelfCheck
from fundraising.lanes import MPESA
from fundraising.paying.tasks import AskBalanceFor
from fundraising.people import roles
from fundraising.people.roles import Role
from storage import jobs
from storage.database import Database
from storage.jobs import Job
from storage.payout_tables import accounts
from storage.reconciliation_tables import reports
from storage.tables import donors
from storage.tables import jobs as waiting

r = reports.c
ASKED_BEFORE = timedelta(minutes=10)  # M-Pesa answers within seconds, when it does
CAUGHT_UP = 7


@dataclass(frozen=True)
class Reconcile(Job):
    lane: ClassVar = MPESA
    takes: ClassVar = timedelta(hours=1)  # it checks the books, in detail
    day: str

    @property
    def turn(self) -> str:
        return "reconcile"


@dataclass(frozen=True, slots=True)
class Made:
    """What a day's message tells besides the report."""

    problems: list[str]  # of the self-check
    left_out_since: date | None  # days before this one, without a report of their own


class DailyReport:
    def __init__(self, database: Database, self_check: SelfCheck, now: Callable[[], datetime], report_at: time):
        self._database, self._self_check, self._now, self._at = database, self_check, now, report_at

    async def keep_going(self) -> None:
        """At every start: stages the first day that nobody has reported, today when there is none.

        What a clock that was ahead has left, of days to come, would hold back all others.
        """

        def fn(conn: Connection) -> None:
            today = days.of(self._now())
            forget_after(conn, today)
            last = conn.scalar(select(func.max(r.day)).where(r.day < today.isoformat()))
            self._stage(conn, date.fromisoformat(last) + days.ONE if last else today)

        await self._database.write(fn)

    async def make(self, job: Reconcile, _attempt: int) -> datetime | None:
        """The job. The next day is staged first; the day is noted with its messages, in one commit."""
        day = date.fromisoformat(job.day)
        if self._now() < self._due(day):
            return self._due(day)
        await self._database.write(lambda conn: self._stage(conn, day + days.ONE))
        if day >= self._oldest():
            problems = await self._self_check.problems()
            await self._database.write(lambda conn: self._note(conn, day, problems))
        return None

    async def made(self, day: date) -> Made:
        """Of a day that was reported."""

        def fn(conn: Connection) -> Made:
            problems = conn.scalar(select(r.problems).where(r.day == day.isoformat())) or "[]"
            before = conn.scalar(select(func.max(r.day)).where(r.day < day.isoformat()))
            first = date.fromisoformat(before) + days.ONE if before else day
            return Made(msgspec.json.decode(problems, type=list[str]), first if first < day else None)

        return await self._database.read(fn)

    def _stage(self, conn: Connection, day: date) -> None:
        """With the question to M-Pesa before it, if an answer would still tell something about that day."""
        now, day = self._now(), max(day, self._oldest())
        run_at = due = self._due(day)
        if day >= days.of(now) - days.ONE:
            ask_at = max(due - ASKED_BEFORE, now)
            jobs.add(conn, [AskBalanceFor(day.isoformat())], ask_at)
            run_at = ask_at + ASKED_BEFORE
        jobs.add(conn, [Reconcile(day.isoformat())], max(run_at, now))

    def _note(self, conn: Connection, day: date, problems: list[str]) -> None:
        row = {"day": day.isoformat(), "made_at": self._now(), "problems": msgspec.json.encode(problems).decode()}
        noted = insert_or_ignore(reports).values(**row).on_conflict_do_nothing().returning(r.day)
        for noted_day in conn.scalars(noted).all():
            jobs.add(conn, [SendReport(chat, noted_day) for chat in one_chat_each(conn)], self._now())

    def _due(self, day: date) -> datetime:
        return days.at(day + days.ONE, self._at)

    def _oldest(self) -> date:
        return days.of(self._now()) - CAUGHT_UP * days.ONE


def forget_after(conn: Connection, day: date) -> None:
    """Payloads of the same kind stand in the order of their days."""
    latest = msgspec.json.encode(Reconcile(day.isoformat())).decode()
    conn.execute(delete(waiting).where(waiting.c.kind == Reconcile.__name__, waiting.c.payload > latest))


def one_chat_each(conn: Connection) -> Iterator[int]:
    """Of each owner: the chat that can be reached, if there is one."""
    a = accounts.c
    lost = donors.c.unreachable_since.is_not(None)
    theirs = select(a.chat_id).join(donors, donors.c.chat_id == a.chat_id, isouter=True)
    for owner in roles.holders(conn, Role.OWNER):
        chats = theirs.where(a.person_id == owner).order_by(lost, a.chat_id).limit(1)
        yield from conn.scalars(chats)
