"""One day of the books, and M-Pesa's side against them. It reports; nothing is booked by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection, select

from fundraising import days
from fundraising.audit import agreement, movements, unresolved
from fundraising.audit.agreement import Agreement
from fundraising.audit.movements import Kind, Line, Move
from fundraising.audit.unresolved import Unresolved
from fundraising.ledger import accounts
from fundraising.ledger.accounts import Account
from fundraising.money import Money
from storage.database import Database
from storage.tables import campaigns

REPORT_AT = days.SEVEN


@dataclass(frozen=True, slots=True)
class Report:
    """Sums are of the day, and the same whenever it is asked for; what is unresolved is so now."""

    day: date
    made_at: datetime
    lines: list[Line]
    payments: Mapping[str, int]  # how many payouts were paid, by currency
    titles: Mapping[int, str]
    unresolved: list[Unresolved]
    mpesa: Agreement | None

    @property
    def is_over(self) -> bool:
        return self.made_at >= days.end(self.day)

    @property
    def currencies(self) -> list[str]:
        return sorted({line.currency for line in self.lines}) or ["KES"]

    @property
    def adds_up(self) -> bool:
        """Account by account, and all accounts together come to nothing, as double entry wants it."""
        balanced = all(
            sum(line.closing.minor for line in self.lines if line.currency == currency) == 0
            for currency in self.currencies
        )
        return balanced and all(line.adds_up for line in self.lines)

    @property
    def agrees(self) -> bool | None:
        """None when M-Pesa told nothing: then nothing was compared."""
        return self.mpesa.agrees if self.mpesa else None

    def outside(self, currency: str) -> Line:
        """Everybody's own M-Pesa: the other side of all that came and went."""
        nothing = Money(0, currency)
        found = (line for line in self.lines if (line.account, line.currency) == (accounts.OUTSIDE, currency))
        return next(found, Line(accounts.OUTSIDE, nothing, {}, nothing))

    def came(self, kind: Kind, currency: str) -> Move:
        """Below zero: it went."""
        move = self.outside(currency).move(kind)
        return Move(move.count, Money(0, currency) - move.amount)

    def closing_of(self, kind: accounts.Kind, currency: str) -> Money:
        """Of all accounts of a kind together."""
        theirs = (line for line in self.lines if (line.account.kind, line.currency) == (kind, currency))
        return Money(sum(line.closing.minor for line in theirs), currency)

    def title(self, account: Account) -> str:
        """Of its campaign, if it has one."""
        return self.titles.get(account.campaign_id or 0, "")


class Reconciliation:
    def __init__(self, database: Database, now: Callable[[], datetime], report_at: time):
        self._database, self._now, self._at = database, now, report_at

    def today(self) -> date:
        return days.of(self._now())

    async def of(self, day: date) -> Report:
        """As of now where the day is not over. Raises NoSuchDay."""
        days.checked(day, self._now())
        return await self._database.read(lambda conn: self._report(conn, day))

    def _report(self, conn: Connection, day: date) -> Report:
        now = self._now()
        return Report(
            day,
            now,
            [line for line in movements.lines(conn, day) if not line.is_idle],
            movements.payments(conn, day),
            {row.id: row.title for row in conn.execute(select(campaigns.c.id, campaigns.c.title))},
            unresolved.find(conn, now),
            agreement.find(conn, day, self._at),
        )
