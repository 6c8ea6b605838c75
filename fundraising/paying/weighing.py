"""What evidence means for a payout and its attempt. Pure: no database, no clock, no call."""

from dataclasses import dataclass
from enum import StrEnum

from fundraising.evidence.record import Evidence, Says, Source, Verdict
from fundraising.money import Money
from fundraising.paying.payout import Attempt, Payout
from fundraising.statuses import AttemptState, PayoutReview, PayoutStatus


class Meaning(StrEnum):
    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"  # may be paid: ask
    RECEIPT = "receipt"  # known as paid; now the receipt came
    OTHER_AMOUNT = "other_amount"  # known as paid; now M-Pesa names another amount than is booked
    NOTHING_NEW = "nothing_new"


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    meaning: Meaning
    review: PayoutReview | None = None


NOTHING = Judgement(Verdict.NOTHING_NEW, Meaning.NOTHING_NEW)


def weigh(
    payout: Payout, attempt: Attempt, others_paid_or_open: bool, booked: Money | None, item: Evidence
) -> Judgement:
    """`others_paid_or_open`: another attempt of this payout succeeded or may still succeed. `booked`: for this one."""
    match item.says:
        case Says.SUCCEEDED if booked:
            return weigh_repetition(attempt, booked, item)
        case Says.SUCCEEDED:
            return weigh_success(payout, attempt, others_paid_or_open, item)
        case Says.UNREADABLE:
            return weigh_unreadable(attempt, item)
        case Says.FAILED:
            return weigh_failure(attempt)
        case Says.UNKNOWN:
            return weigh_doubt(attempt, item)


def weigh_success(payout: Payout, attempt: Attempt, others_paid_or_open: bool, item: Evidence) -> Judgement:
    """Success evidence beats failure evidence. A status query proves it only with the same amount."""
    if item.source is Source.STATUS and item.amount != payout.amount:
        return Judgement(Verdict.NOTED, Meaning.UNKNOWN, PayoutReview.OTHER_AMOUNT)
    odd = PayoutReview.OTHER_AMOUNT if item.amount not in (None, payout.amount) else None
    if others_paid_or_open:
        return Judgement(Verdict.PAID, Meaning.PAID, PayoutReview.PAID_AGAIN)
    if payout.status is PayoutStatus.PROCESSING and attempt.is_open:
        return Judgement(Verdict.PAID, Meaning.PAID, odd)
    return Judgement(Verdict.PAID, Meaning.PAID, PayoutReview.PAID_AFTER_FAILURE)


def weigh_unreadable(attempt: Attempt, item: Evidence) -> Judgement:
    """Also of an attempt that is failed: it is asked about, and until that is answered nobody pays again."""
    if attempt.state is AttemptState.SUCCEEDED:
        return NOTHING
    looked_at = not attempt.is_open or item.source is Source.STATUS
    return Judgement(Verdict.NOTED, Meaning.UNKNOWN, PayoutReview.UNREADABLE if looked_at else None)


def weigh_repetition(attempt: Attempt, booked: Money, item: Evidence) -> Judgement:
    """Two people, or a query that names no amount, may have said before what M-Pesa itself says now."""
    if item.amount not in (None, booked):
        return Judgement(Verdict.NOTED, Meaning.OTHER_AMOUNT, PayoutReview.OTHER_AMOUNT)
    if attempt.receipt is None and item.receipt:
        return Judgement(Verdict.NOTED, Meaning.RECEIPT)
    return NOTHING


def holds_promise(payout: Payout, attempt: Attempt) -> bool:
    """Whether the money reserved for the payout is reserved for this attempt."""
    if payout.status is PayoutStatus.APPROVED:  # for a retry that has not begun: this payment makes it needless
        return True
    return payout.status is PayoutStatus.PROCESSING and attempt.is_open


def weigh_failure(attempt: Attempt) -> Judgement:
    return Judgement(Verdict.FAILED, Meaning.FAILED) if attempt.is_open else NOTHING


def weigh_doubt(attempt: Attempt, item: Evidence) -> Judgement:
    if not attempt.is_open:
        return NOTHING
    return Judgement(Verdict.NOTED, Meaning.NOTHING_NEW if item.source is Source.STATUS else Meaning.UNKNOWN)
