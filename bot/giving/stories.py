"""Each kind of news: when it still holds, and the letter that tells it."""

from collections.abc import Callable
from dataclasses import dataclass

from fundraising.giving.donation import Donation
from fundraising.giving.news import News
from fundraising.ledger.progress import Progress
from fundraising.statuses import DonationStatus, Review
from letters.giving import failures, results
from letters.language import Language


@dataclass(frozen=True)
class Story:
    still_true: Callable[[Donation], bool]
    write: Callable[[Language, Donation, Progress], str]


def is_completed(donation: Donation) -> bool:
    return donation.status is DonationStatus.COMPLETED


def is_failed(donation: Donation) -> bool:
    """And nothing of another amount arrived since."""
    return donation.status is DonationStatus.FAILED and not donation.needs_review and not donation.spoken_for


def has_receipt(donation: Donation) -> bool:
    return is_completed(donation) and donation.receipt is not None


def lies_in_suspense(donation: Donation) -> bool:
    return donation.needs_review in (Review.OTHER_AMOUNT, Review.SECOND_PAYMENT)


def is_silent(donation: Donation) -> bool:
    return donation.status is DonationStatus.PENDING and donation.needs_review is Review.NO_WORD


STORIES = {
    News.COMPLETED: Story(is_completed, results.completed),
    News.COMPLETED_LATE: Story(is_completed, results.completed_late),
    News.RECEIPT: Story(has_receipt, results.receipt),
    News.FAILED: Story(is_failed, failures.failed),
    News.SUSPENDED: Story(lies_in_suspense, results.suspended),
    News.NO_WORD: Story(is_silent, results.no_word),
}
