"""How a payment stands: every status, state and reason to look, in a few words, once; its sign where there is room."""

from collections.abc import Mapping
from dataclasses import dataclass

from fundraising.statuses import AttemptState, DonationStatus, PayoutReview, PayoutStatus, Push, Review
from letters.language import Language, noted


@dataclass(frozen=True, slots=True)
class State:
    sign: str
    words: str


DONATIONS: Mapping[str, State] = {
    DonationStatus.PENDING: State("⏳", noted("waiting for M-Pesa")),
    DonationStatus.COMPLETED: State("✅", noted("received")),
    DonationStatus.FAILED: State("❌", noted("did not go through")),
    DonationStatus.REFUNDED: State("↩️", noted("paid back")),
}
PAYOUTS: Mapping[str, State] = {
    PayoutStatus.PENDING: State("⏳", noted("waiting for approval")),
    PayoutStatus.APPROVED: State("👍", noted("approved")),
    PayoutStatus.PROCESSING: State("📤", noted("with M-Pesa")),
    PayoutStatus.COMPLETED: State("✅", noted("paid")),
    PayoutStatus.FAILED: State("❌", noted("failed")),
    PayoutStatus.REJECTED: State("🚫", noted("rejected")),
    PayoutStatus.CANCELLED: State("🚫", noted("cancelled")),
}
SENT_AGAIN = noted("M-Pesa was busy or not reached; it is sent again")
PUSHES: Mapping[str, str] = {
    Push.SENDING: noted("is being sent"),
    Push.WAITING: SENT_AGAIN,
    Push.ACCEPTED: noted("accepted by M-Pesa"),
    Push.REFUSED: noted("refused by M-Pesa"),
    Push.UNKNOWN: noted("no answer; it may have rung"),
}
ATTEMPTS: Mapping[str, str] = {
    AttemptState.SENDING: noted("is being sent"),
    AttemptState.WAITING: SENT_AGAIN,
    AttemptState.ACCEPTED: noted("accepted by M-Pesa, not paid yet"),
    AttemptState.UNKNOWN: noted("M-Pesa has not said how it ended"),
    AttemptState.SUCCEEDED: noted("paid"),
    AttemptState.FAILED: noted("failed"),
}
REVIEWS: Mapping[str, str] = {
    Review.NO_WORD: noted("M-Pesa has not said how it ended"),  # of a payout, too
    Review.OTHER_AMOUNT: noted("another amount arrived than was asked for"),
    Review.SECOND_PAYMENT: noted("a second payment for the same gift"),
    Review.CLAIMED: noted("M-Pesa confirms a code that the donor sent, but not what it was for"),
    Review.CORRECTED: noted("more arrived than was credited"),
    PayoutReview.UNREADABLE: noted("M-Pesa says that it is paid, but not readably how much"),
    PayoutReview.PAID_AFTER_FAILURE: noted("it was paid after M-Pesa said that it failed"),
    PayoutReview.PAID_AGAIN: noted("it may have been paid twice"),
    PayoutReview.RESTORED: noted("the database was restored meanwhile"),
}


def donation(_: Language, status: DonationStatus) -> str:
    return signed(_, DONATIONS[status])


def payout(_: Language, status: PayoutStatus) -> str:
    return signed(_, PAYOUTS[status])


def signed(_: Language, state: State) -> str:
    return f"{state.sign} {_(state.words)}"


def in_words(_: Language, table: Mapping[str, State], status: str) -> str:
    """Without its sign."""
    return _(table[status].words)
