"""How the house stands, in a few numbers and a few cheap queries: for /metrics."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Case, ColumnElement, Connection, case, func, literal_column, select

from fundraising import stops
from fundraising.audit import agreement, watch
from fundraising.ledger import accounts
from fundraising.paying import balance_rounds
from fundraising.statuses import OPEN_STATES, PayoutStatus
from storage import facts
from storage.database import Database
from storage.payout_tables import attempts, floats, payouts
from storage.reconciliation_tables import reports
from storage.tables import balances, donations, jobs

d, a, j, b, f = donations.c, attempts.c, jobs.c, balances.c, floats.c
LOOKED_BACK = timedelta(days=2)
PENDING: ColumnElement[str] = literal_column("'pending'")  # as a parameter it would keep the partial index out
YOUNG = ((timedelta(minutes=10), "0-10m"), (timedelta(hours=1), "10m-1h"), (timedelta(days=1), "1h-1d"))
OLD = "1d-"
AGES = (*(name for _, name in YOUNG), OLD)


@dataclass(frozen=True, slots=True)
class JobsOfKind:
    lane: str
    kind: str
    waiting: int  # scheduled, due or running
    given_up: int
    overdue: timedelta  # how long ago the oldest should have begun


@dataclass(frozen=True, slots=True)
class Held:
    """Minor units of all accounts of one kind."""

    account: accounts.Kind
    currency: str
    balance_minor: int
    promised_minor: int


@dataclass(frozen=True, slots=True)
class Float:
    """What M-Pesa said that an account there holds."""

    shortcode: str  # empty: the one that pays
    account: str
    minor: int
    told_at: datetime


@dataclass(frozen=True, slots=True)
class SelfChecked:
    problems: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    jobs: list[JobsOfKind]
    donations: dict[str, int]  # undecided, by age
    payouts: dict[tuple[str, str], int]  # with M-Pesa, by the attempt's state and age
    held: list[Held]
    floats: list[Float]
    frozen: bool
    self_checks: dict[str, SelfChecked]  # the latest daily one, of everything; and that of the books, every ten minutes
    difference_minor: int | None  # what M-Pesa held above what we knew of, when it last told all its accounts


class Gauges:
    def __init__(self, database: Database, now: Callable[[], datetime]):
        self._database, self._now = database, now
        self._difference: tuple[datetime, int] | None = None  # of the round asked at; it never changes

    async def take(self) -> Taken:
        now = self._now()
        return await self._database.read(lambda conn: self._taken(conn, now))

    def _taken(self, conn: Connection, now: datetime) -> Taken:
        return Taken(
            jobs_by_kind(conn, now),
            undecided_donations(conn, now),
            undecided_payouts(conn, now),
            held_by_kind(conn),
            [Float(*row) for row in conn.execute(select(f.shortcode, f.account, f.available_minor, f.seen_at))],
            bool(stops.standing(conn)),
            self_checks(conn),
            self._latest_difference(conn, now),
        )

    def _latest_difference(self, conn: Connection, now: datetime) -> int | None:
        """Adding up the postings takes long, so each round is compared once."""
        rounds = balance_rounds.rounds(conn, now - LOOKED_BACK, now)
        if not rounds:
            return None
        latest = max(rounds, key=lambda each: each.asked_at)
        if self._difference is None or self._difference[0] != latest.asked_at:
            self._difference = latest.asked_at, agreement.compared(conn, latest).difference.minor
        return self._difference[1]


def self_checks(conn: Connection) -> dict[str, SelfChecked]:
    found = {}
    if checked_at := facts.read(conn, watch.CHECKED_AT):
        found["books"] = SelfChecked(count(facts.read(conn, watch.FACT) or "[]"), datetime.fromisoformat(checked_at))
    latest = select(reports.c.problems, reports.c.made_at).order_by(reports.c.day.desc()).limit(1)
    for row in conn.execute(latest):
        found["daily"] = SelfChecked(count(row.problems), row.made_at)
    return found


def count(problems: str) -> int:
    return len(msgspec.json.decode(problems, type=list[str]))


def jobs_by_kind(conn: Connection, now: datetime) -> list[JobsOfKind]:
    counts = (func.count(j.run_at).label("waiting"), func.count().label("every"), func.min(j.run_at).label("next_at"))
    rows = conn.execute(select(j.lane, j.kind, *counts).group_by(j.lane, j.kind).order_by(j.lane, j.kind))
    return [
        JobsOfKind(
            row.lane,
            row.kind,
            row.waiting,
            row.every - row.waiting,
            max(now - row.next_at, timedelta()) if row.next_at else timedelta(),
        )
        for row in rows
    ]


def age_since(column: ColumnElement[datetime], now: datetime) -> Case[str]:
    return case(*((column > now - age, name) for age, name in YOUNG), else_=OLD)


def undecided_donations(conn: Connection, now: datetime) -> dict[str, int]:
    age = age_since(d.created_at, now).label("age")
    found = select(age).where(d.status == PENDING).subquery()
    rows = conn.execute(select(found.c.age, func.count()).group_by(found.c.age))
    return dict.fromkeys(AGES, 0) | {str(age): count for age, count in rows}


def undecided_payouts(conn: Connection, now: datetime) -> dict[tuple[str, str], int]:
    with_mpesa = a.state.in_(OPEN_STATES), payouts.c.status == PayoutStatus.PROCESSING
    age = age_since(a.started_at, now).label("age")
    found = select(a.state, age).join(payouts, payouts.c.id == a.payout_id).where(*with_mpesa).subquery()
    rows = conn.execute(select(found.c.state, found.c.age, func.count()).group_by(found.c.state, found.c.age))
    nothing = dict.fromkeys(((str(state), age) for state in OPEN_STATES for age in AGES), 0)
    return nothing | {(state, age): count for state, age, count in rows}


def held_by_kind(conn: Connection) -> list[Held]:
    """Suspense is always among them: that nothing lies there is worth knowing."""
    sums: dict[tuple[accounts.Kind, str], tuple[int, int]] = {(accounts.Kind.SUSPENSE, "KES"): (0, 0)}
    for row in conn.execute(select(b.account, b.currency, b.in_minor, b.out_minor, b.reserved_minor)):
        key = (accounts.parse(row.account).kind, row.currency)
        balance, promised = sums.get(key, (0, 0))
        sums[key] = (balance + row.in_minor - row.out_minor, promised + row.reserved_minor)
    return [Held(account, currency, *minor) for (account, currency), minor in sorted(sums.items())]
