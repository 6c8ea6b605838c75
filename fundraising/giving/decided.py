"""Two people have decided where a payment belongs that did not fit its donation: how the donation ends."""

from datetime import datetime

from sqlalchemy import Connection

from fundraising import questions
from fundraising.giving import donation as rows
from fundraising.giving import undecided
from fundraising.giving.donation import Donation
from fundraising.giving.news import TellDecided
from fundraising.giving.undecided import Undecided
from fundraising.ledger import accounts, causes, posting
from fundraising.ledger.posting import Transfer
from fundraising.mailing import MailReceipt
from fundraising.statuses import DONATION_MOVES, DonationStatus, Review, move
from storage import jobs

UNDECIDED = (DonationStatus.PENDING, DonationStatus.FAILED)


def end(conn: Connection, stray: Undecided, campaign_id: int | None, now: datetime) -> None:
    """Books it and tells the donor. `campaign_id`: whose it is; None: it went back to the payer.

    Call it with the donation locked, once the decision is noted.
    """
    before = rows.find(conn, stray.donation_id)
    after = before
    if stray.receipt:
        after = ended(before, stray, campaign_id, undecided.reason_left(conn, before.id, now), now)
        rows.save_settled(conn, [after])
        questions.close(conn, questions.Kind.DONATION, before.id, now, ~questions.one_of(left_of(conn, after)))
        jobs.add(conn, [TellDecided(before.donor_id, before.id, str(stray.cause))], now)
    is_gift = after.status is DonationStatus.COMPLETED and before.status is not after.status
    posting.post(conn, gift(after, stray) if is_gift else taken_out(stray, campaign_id), now)
    if is_gift:
        paid, asked = after.amount, before.amount
        rows.set_columns(conn, after.id, amount_minor=paid.minor, currency=paid.currency, asked_minor=asked.minor)
        jobs.add(conn, [MailReceipt(after.id)] if after.receipt_by_mail else [], now)


def left_of(conn: Connection, donation: Donation) -> set[str]:
    """Why people must still look at it."""
    review = {str(donation.needs_review)} if donation.needs_review else set()
    return review | undecided.reasons(conn, donation.id)


def ended(
    donation: Donation, stray: Undecided, campaign_id: int | None, left: Review | None, now: datetime
) -> Donation:
    """Given to its own campaign, it is completed with what arrived. Otherwise this donation got nothing: it is failed,
    and its receipt says that M-Pesa's success is spoken for. `left`: why people must look at another payment for it."""
    review = donation.needs_review if donation.needs_review is Review.CORRECTED else left
    donation = donation._replace(needs_review=review)
    if donation.status not in UNDECIDED:
        return donation
    if campaign_id == donation.campaign_id:
        status = move(DONATION_MOVES, donation.status, DonationStatus.COMPLETED)
        paid = donation._replace(status=status, amount=stray.amount, receipt=stray.receipt)
        return paid._replace(failure=None, settled_at=now)
    if left:
        return donation
    if donation.status is DonationStatus.PENDING:
        status = move(DONATION_MOVES, donation.status, DonationStatus.FAILED)
        donation = donation._replace(status=status, settled_at=now)
    return donation._replace(receipt=stray.receipt, failure=None)


def gift(donation: Donation, stray: Undecided) -> list[Transfer]:
    """Out of suspense as it came, and credited as every donation is."""
    account = accounts.campaign(donation.campaign_id)
    return [
        Transfer(causes.Decision(stray.cause), accounts.SUSPENSE, accounts.OUTSIDE, stray.amount),
        Transfer(causes.Donation(donation.id), accounts.OUTSIDE, account, stray.amount),
    ]


def taken_out(stray: Undecided, campaign_id: int | None) -> list[Transfer]:
    target = accounts.OUTSIDE if campaign_id is None else accounts.campaign(campaign_id)
    return [Transfer(causes.Decision(stray.cause), accounts.SUSPENSE, target, stray.amount)]
