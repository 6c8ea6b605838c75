"""Whom a payout concerns is told: jobs staged by the transaction that made it true."""

from dataclasses import dataclass
from enum import StrEnum

from fundraising.news import ToChat


class PayoutNews(StrEnum):
    COMPLETED = "completed"
    FAILED = "failed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NEEDS_REVIEW = "needs_review"


@dataclass(frozen=True)
class AskChecker(ToChat):
    """The request with its buttons."""

    payout_id: int
    version: int


@dataclass(frozen=True)
class ShowDecision(ToChat):
    """Edits a message with buttons to how the payout stands now, and takes the buttons away."""

    message_id: int
    payout_id: int
    version: int


@dataclass(frozen=True)
class TellAboutPayout(ToChat):
    payout_id: int
    version: int
    news: str


@dataclass(frozen=True)
class TellRecipient(ToChat):
    payout_id: int


@dataclass(frozen=True)
class AskBatchChecker(ToChat):
    batch_id: int


@dataclass(frozen=True)
class ShowBatch(ToChat):
    """Edits the one message that tells how a bulk payout goes."""

    batch_id: int
    done: int


@dataclass(frozen=True)
class ShowBatchDecision(ToChat):
    """Edits a message with buttons to how the batch stands now."""

    message_id: int
    batch_id: int
    undecided: int


@dataclass(frozen=True)
class SendBatchResult(ToChat):
    batch_id: int


@dataclass(frozen=True)
class WarnLowFloat(ToChat):
    available_minor: int
