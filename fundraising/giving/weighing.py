"""What a piece of evidence means for a donation. Pure: no database, no clock, no call."""

from datetime import timedelta

from fundraising.evidence.record import Evidence, Says, Source, Verdict
from fundraising.giving.donation import Donation
from fundraising.money import Money
from fundraising.statuses import DONATION_MOVES, DonationStatus, Review, move

UNDECIDED = (DonationStatus.PENDING, DonationStatus.FAILED)


def weigh(donation: Donation, item: Evidence, negative_gap: timedelta) -> tuple[Verdict, Donation]:
    """The verdict on authentic evidence, and the donation afterwards."""
    match item.says:
        case Says.SUCCEEDED:
            return weigh_success(donation, item)
        case Says.FAILED:
            return weigh_failure(donation, item, negative_gap)
        case Says.UNREADABLE | Says.UNKNOWN:
            return Verdict.NOTED, donation


def weigh_success(donation: Donation, item: Evidence) -> tuple[Verdict, Donation]:
    if item.is_stray:
        return Verdict.SUSPENDED, donation._replace(needs_review=Review.CLAIMED)
    if donation.status in UNDECIDED:
        if item.amount is None and (donation.needs_review is Review.OTHER_AMOUNT or donation.spoken_for):
            return Verdict.NOTHING_NEW, donation  # it succeeded with another amount: in suspense, or decided since
        if item.amount not in (None, donation.amount):
            return Verdict.SUSPENDED, donation._replace(needs_review=Review.OTHER_AMOUNT)
        return credited(donation, item)
    if item.receipt is None or item.receipt == donation.receipt:
        return Verdict.NOTHING_NEW, donation
    if donation.receipt is not None:
        return Verdict.SUSPENDED, donation._replace(needs_review=Review.SECOND_PAYMENT)
    if item.amount != donation.amount:  # credited on a query's word, which bears no amount
        return Verdict.CORRECTED, donation._replace(receipt=item.receipt, needs_review=Review.CORRECTED)
    return Verdict.RECEIPT, donation._replace(receipt=item.receipt)


def credited(donation: Donation, item: Evidence) -> tuple[Verdict, Donation]:
    late = donation.status is DonationStatus.FAILED
    after = donation._replace(
        status=move(DONATION_MOVES, donation.status, DonationStatus.COMPLETED),
        receipt=item.receipt,
        failure=None,
        needs_review=None if donation.needs_review is Review.NO_WORD else donation.needs_review,
        settled_at=item.received_at,
    )
    return (Verdict.CREDITED_LATE if late else Verdict.CREDITED), after


def weigh_failure(donation: Donation, item: Evidence, negative_gap: timedelta) -> tuple[Verdict, Donation]:
    """A query alone ends nothing: it takes two that agree, `negative_gap` apart, because M-Pesa may still be at it."""
    if donation.status is not DonationStatus.PENDING or donation.needs_review is Review.OTHER_AMOUNT:
        return Verdict.NOTHING_NEW, donation
    if item.source is Source.QUERY:
        if donation.negative_at is None or donation.negative_code != item.code:
            return Verdict.NOTED, donation._replace(negative_code=item.code, negative_at=item.received_at)
        if item.received_at - donation.negative_at < negative_gap:
            return Verdict.NOTED, donation
    after = donation._replace(
        status=move(DONATION_MOVES, donation.status, DonationStatus.FAILED),
        failure=item.reason,
        needs_review=None,
        settled_at=item.received_at,
    )
    return Verdict.FAILED, after


def correction(donation: Donation, item: Evidence) -> Money:
    """What to add to (or, negative, take from) what was credited on a query's word."""
    return (item.amount or donation.amount) - donation.amount
