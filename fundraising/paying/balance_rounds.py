"""What M-Pesa says that our accounts hold: asked in rounds of all our shortcodes, kept for ever."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from fundraising.money import Money
from storage.reconciliation_tables import balance_questions, balances_seen

q, s = balance_questions.c, balances_seen.c
THE_ONE_THAT_PAYS = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One shortcode's accounts, by M-Pesa's own names."""

    shortcode: str
    seen_at: datetime
    accounts: Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class Round:
    """All shortcodes, asked at once and all answered."""

    asked_at: datetime
    statements: tuple[Statement, ...]

    @property
    def seen_at(self) -> datetime:
        return max(statement.seen_at for statement in self.statements)

    @property
    def total(self) -> Money:
        held = [money for statement in self.statements for money in statement.accounts.values()]
        return sum(held, Money(0))


def keep_question(conn: Connection, token_hash: bytes, shortcode: str, asked_at: datetime) -> None:
    row = {"token_hash": token_hash, "shortcode": shortcode, "asked_at": asked_at}
    conn.execute(insert(balance_questions).values(**row))


def shortcode_asked(conn: Connection, token_hash: bytes) -> str | None:
    """Whose accounts the question with this token was about; None when there is no such question."""
    found: str | None = conn.scalar(select(q.shortcode).where(q.token_hash == token_hash))
    return found


def keep_answer(conn: Connection, token_hash: bytes, accounts: Mapping[str, int], now: datetime) -> bool:
    """Whether it is the first to this question; only that one stands."""
    first = update(balance_questions).where(q.token_hash == token_hash, q.answered_at.is_(None))
    if not conn.execute(first.values(answered_at=now)).rowcount:
        return False
    rows = [{"token_hash": token_hash, "account": name, "available_minor": minor} for name, minor in accounts.items()]
    conn.execute(insert(balances_seen), rows)
    return True


def rounds(conn: Connection, after: datetime, until: datetime) -> list[Round]:
    """Asked then, and complete; the oldest first."""
    query = select(q.asked_at, q.token_hash, q.shortcode, q.answered_at).where(q.asked_at > after, q.asked_at <= until)
    by_round: defaultdict[datetime, list[Statement | None]] = defaultdict(list)
    for asked_at, token_hash, shortcode, answered_at in conn.execute(query.order_by(q.asked_at, q.shortcode)):
        answered = Statement(shortcode, answered_at, accounts_in(conn, token_hash)) if answered_at else None
        by_round[asked_at].append(answered)
    found = [(asked_at, [each for each in said if each]) for asked_at, said in by_round.items() if all(said)]
    return [Round(asked_at, tuple(statements)) for asked_at, statements in found]


def accounts_in(conn: Connection, token_hash: bytes) -> dict[str, Money]:
    query = select(s.account, s.available_minor).where(s.token_hash == token_hash).order_by(s.account)
    return {account: Money(minor) for account, minor in conn.execute(query)}
