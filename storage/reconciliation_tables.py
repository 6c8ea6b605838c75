"""What reconciliation keeps: what M-Pesa said it holds, which days were reported, where money in suspense belongs."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Named,
    Table,
    Text,
    TypedColumns,
)

from storage.columns import Id, Instant, only_where
from storage.tables import metadata, one_of


class BalanceQuestionColumns(TypedColumns):
    """One shortcode, asked in a round with the others. A round counts once every question in it is answered."""

    token_hash: Named[bytes] = Column(LargeBinary, ForeignKey("payout_tokens.token_hash"), primary_key=True)
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


class SuspenseProposalColumns(TypedColumns):
    """Where money in suspense belongs: one person says so, another agrees."""

    id = Column(Id, primary_key=True)
    cause: Named[str] = Column(Text)  # of the posting that brought the money
    action: Named[str] = Column(Text)
    campaign_id: Named[int | None] = Column(Id, ForeignKey("campaigns.id"))
    proposer_id: Named[int] = Column(Id, ForeignKey("people.id"))
    confirmer_id: Named[int | None] = Column(Id, ForeignKey("people.id"))
    created_at: Named[datetime] = Column(Instant)
    confirmed_at: Named[datetime | None] = Column(Instant)
    asked_minor: Named[int | None] = Column(BigInteger)  # what the donation was to be, before it was decided


balance_questions = Table("balance_questions", metadata, BalanceQuestionColumns)
balances_seen = Table("balances_seen", metadata, BalanceSeenColumns)
reports = Table("reports", metadata, ReportColumns)
suspense_proposals = Table(
    "suspense_proposals",
    metadata,
    SuspenseProposalColumns,
    CheckConstraint("confirmer_id <> proposer_id", name="two_people"),
    CheckConstraint("(action = 'assign') = (campaign_id IS NOT NULL)", name="campaign"),
    one_of("action", "assign", "refunded"),
)
Index(
    "ix_suspense_proposals_decided",
    suspense_proposals.c.cause,
    unique=True,
    **only_where("confirmer_id IS NOT NULL"),
)
