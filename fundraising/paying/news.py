"""Whom a payout concerns is told: jobs staged by the transaction that made it true."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fundraising.news import ToChat
from fundraising.paying.payout import Payout
from fundraising.statuses import PayoutStatus


class PayoutNews(StrEnum):
    COMPLETED = "completed"
    FAILED = "failed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NEEDS_REVIEW = "needs_review"
    OTHER_NAME = "other_name"  # M-Pesa has the number in another name than was asked for; told when that is known late
    AGREED = "agreed"  # one of several who have to agree
    NOBODY_REACHED = "nobody_reached"  # of those who may approve


def is_true(news: PayoutNews, payout: Payout) -> bool:
    """Still: what was so when the news was staged may have been overtaken since."""
    return TRUTHS[news](payout)


def has(status: PayoutStatus) -> Callable[[Payout], bool]:
    return lambda payout: payout.status is status


def is_in_review(payout: Payout) -> bool:
    return payout.needs_review is not None


TRUTHS: Mapping[PayoutNews, Callable[[Payout], bool]] = {
    PayoutNews.COMPLETED: has(PayoutStatus.COMPLETED),
    PayoutNews.FAILED: has(PayoutStatus.FAILED),
    PayoutNews.REJECTED: has(PayoutStatus.REJECTED),
    PayoutNews.CANCELLED: has(PayoutStatus.CANCELLED),
    PayoutNews.EXPIRED: has(PayoutStatus.CANCELLED),
    PayoutNews.AGREED: has(PayoutStatus.PENDING),
    PayoutNews.OTHER_NAME: has(PayoutStatus.COMPLETED),
    PayoutNews.NOBODY_REACHED: has(PayoutStatus.PENDING),
    PayoutNews.NEEDS_REVIEW: is_in_review,
}


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
    """Edits a message that tells how a bulk payout goes: the requester's, or one of those who were asked."""

    batch_id: int
    done: int
    message_id: int | None = None  # None, in jobs of before: the requester's


@dataclass(frozen=True)
class TellBatchAgreed(ToChat):
    """One of several agreed: to the requester."""

    batch_id: int
    agreed: int


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
