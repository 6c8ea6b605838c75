"""M-Pesa's side against ours, both at the moment of M-Pesa's answer: so only a real difference shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, func, select

from fundraising import days
from fundraising.ledger import accounts, posting
from fundraising.money import Money
from fundraising.paying import balance_rounds
from fundraising.paying.balance_rounds import Round
from storage.tables import postings

p = postings.c
LOOKED_BACK = 7  # days, for a difference to compare with
LATE = timedelta(hours=12)  # TrustVoice was off when the report was due


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was there before TrustVoice makes a difference that stays the same."""

    round: Round
    ours: Money  # what all our accounts together say should be at M-Pesa

    @property
    def difference(self) -> Money:
        """Above zero: M-Pesa holds more than we know of."""
        return self.round.total - self.ours


@dataclass(frozen=True, slots=True)
class Agreement:
    now: Comparison
    before: Comparison | None  # of the day before, or of the latest before that

    @property
    def agrees(self) -> bool:
        return self.now.difference.minor == 0

    @property
    def changed_by(self) -> Money | None:
        return self.now.difference - self.before.difference if self.before else None


def find(conn: Connection, day: date, at: time) -> Agreement | None:
    """`at`: when a day's report is made, on the day after. None when M-Pesa told nothing that belongs to this day."""
    asked = balance_rounds.rounds(conn, days.at(day - LOOKED_BACK * days.ONE, at), days.at(day + days.ONE, at) + LATE)
    chosen = nearest(asked, day, at)
    if chosen is None:
        return None
    earlier = (nearest(asked, day - back * days.ONE, at) for back in range(1, LOOKED_BACK + 1))
    before = next((each for each in earlier if each and each.asked_at < chosen.asked_at), None)
    return Agreement(compared(conn, chosen), compared(conn, before) if before else None)


def nearest(asked: Iterable[Round], day: date, at: time) -> Round | None:
    """To the day's end, of those asked after the report of the day before was made."""
    first, last, end = days.at(day, at), days.at(day + days.ONE, at) + LATE, days.end(day)
    of_the_day = [each for each in asked if first < each.asked_at <= last]
    return min(of_the_day, key=lambda each: abs(each.seen_at - end), default=None)


def compared(conn: Connection, found: Round) -> Comparison:
    return Comparison(found, at_mpesa(conn, found.seen_at, found.total.currency))


def at_mpesa(conn: Connection, moment: datetime, currency: str) -> Money:
    """All that came from outside and has not gone back."""
    since = select(func.coalesce(func.sum(p.minor), 0)).where(
        p.account == str(accounts.OUTSIDE), p.currency == currency, p.posted_at > moment
    )
    return Money(int(conn.scalar(since) or 0), currency) - posting.balance(conn, accounts.OUTSIDE, currency)
