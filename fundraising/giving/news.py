"""Whom a gift concerns is told: jobs staged by the transaction that made it true."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from fundraising.giving.donation import Donation
from fundraising.lanes import TELEGRAM
from fundraising.news import ToChat
from fundraising.statuses import DonationStatus, Review
from storage.jobs import Job


class News(StrEnum):
    COMPLETED = "completed"
    COMPLETED_LATE = "completed_late"  # after the donor was told that it failed
    RECEIPT = "receipt"  # known to be paid before; now M-Pesa's receipt came
    FAILED = "failed"
    SUSPENDED = "suspended"  # money arrived that fits nothing
    NO_WORD = "no_word"


def is_true(news: News, donation: Donation) -> bool:
    """Still: what was so when the news was staged may have been overtaken since."""
    return TRUTHS[news](donation)


def is_completed(donation: Donation) -> bool:
    return donation.status is DonationStatus.COMPLETED


def is_failed(donation: Donation) -> bool:
    """And nothing of another amount arrived since."""
    return donation.status is DonationStatus.FAILED and not donation.needs_review and not donation.spoken_for


def has_receipt(donation: Donation) -> bool:
    return is_completed(donation) and donation.receipt is not None


def lies_in_suspense(donation: Donation) -> bool:
    return donation.needs_review in (Review.OTHER_AMOUNT, Review.SECOND_PAYMENT, Review.CLAIMED)


def is_silent(donation: Donation) -> bool:
    return donation.status is DonationStatus.PENDING and donation.needs_review is Review.NO_WORD


TRUTHS: Mapping[News, Callable[[Donation], bool]] = {
    News.COMPLETED: is_completed,
    News.COMPLETED_LATE: is_completed,
    News.RECEIPT: has_receipt,
    News.FAILED: is_failed,
    News.SUSPENDED: lies_in_suspense,
    News.NO_WORD: is_silent,
}


class Waiting(StrEnum):
    """Why the "check your phone" message changes while nothing is decided."""

    ASKING = "asking"
    NO_ANSWER = "no_answer"  # M-Pesa could not reach the phone, or nobody answered: not final


@dataclass(frozen=True)
class ToDonor(Job):
    """Base: one message to one donor, in that donor's turn."""

    lane: ClassVar = TELEGRAM
    donor_id: int
    donation_id: int

    @property
    def turn(self) -> str:
        return f"donor:{self.donor_id}"


@dataclass(frozen=True)
class TellDonor(ToDonor):
    news: str


@dataclass(frozen=True)
class ShowWaiting(ToDonor):
    waiting: str


@dataclass(frozen=True)
class OfferTryAgain(Job):
    """Adds the button to the message that told of the failure, once M-Pesa would accept the same again."""

    lane: ClassVar = TELEGRAM
    donation_id: int
    message_id: int


@dataclass(frozen=True)
class AskSecondPerson(ToChat):
    """Somebody said where money in suspense belongs: it takes another who says the same."""

    key: str


@dataclass(frozen=True)
class TellDecided(ToDonor):
    """The donor's payment did not fit; two people decided where it belongs."""

    cause: str  # of the posting that brought it
