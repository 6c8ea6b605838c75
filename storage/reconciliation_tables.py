"""What reconciliation keeps: what M-Pesa said it holds, which days were reported."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, Named, Table, Text, TypedColumns

from storage.columns import Instant
from storage.tables import metadata


class BalanceQuestionColumns(TypedColumns):
    """One shortcode, asked in a round with the others. A round counts once every question in it is answered."""

    token_hash: Named[bytes] = Column(LargeBinary, ForeignKey("tokens.token_hash"), primary_key=True)
    shortcode: Named[str] = Column(Text)  # empty: the one that pays
    asked_at: Named[datetime] = Column(Instant, index=True)  # the same in all questions of a round
    answered_at: Named[datetime | None] = Column(Instant)


class BalanceSeenColumns(TypedColumns):
    """What M-Pesa answered: kept, so that any day can be compared again."""

    token_hash: Named[bytes] = Column(LargeBinary, ForeignKey("balance_questions.token_hash"), primary_key=True)
    account: Named[str] = Column(Text, primary_key=True)
    available_minor: Named[int] = Column(BigInteger)


class ReportColumns(TypedColumns):
    """A day that was reported to the owners; each is once."""

    day: Named[str] = Column(Text, primary_key=True)  # in Nairobi, 2026-11-22
    made_at: Named[datetime] = Column(Instant)
    problems: Named[str] = Column(Text)  # what the self-check found then, a JSON list


balance_questions = Table("balance_questions", metadata, BalanceQuestionColumns)
balances_seen = Table("balances_seen", metadata, BalanceSeenColumns)
reports = Table("reports", metadata, ReportColumns)
