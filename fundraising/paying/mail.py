"""Who is told of payouts by e-mail: people with an address, and recipients who gave one."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from fundraising import questions
from fundraising.mailing import MailAboutPayout, MailBatchResult, MailRecipient
from fundraising.paying.news import PayoutNews
from fundraising.paying.payout import Payout
from fundraising.people import roles
from fundraising.people.ngos import IS_PAID
from fundraising.people.roles import Role
from fundraising.statuses import PayoutReview
from storage import jobs
from storage.payout_tables import approvals, batches, ngos, payouts, people


def tell_outcome(conn: Connection, payout: Payout, news: PayoutNews, concerned: Iterable[int], now: datetime) -> None:
    """`concerned`: who reads it in Telegram; the owners get mail about what was paid, too, unless it is of a batch."""
    told, paid = set(concerned), news is PayoutNews.COMPLETED
    if paid and not payout.batch_id:
        told |= set(roles.holders(conn, Role.OWNER))
    mails = [MailAboutPayout(person, payout.id, payout.version, news) for person in with_address(conn, told)]
    jobs.add(conn, mails, now)
    # Of another amount only people can say what it means: they see it in review.
    odd = PayoutReview.OTHER_AMOUNT in questions.standing(conn, questions.Kind.PAYOUT, payout.id)
    if paid and not odd and recipient_has_address(conn, payout.id):
        jobs.add(conn, [MailRecipient(payout.id)], now)


def tell_batch_result(conn: Connection, batch_id: int, now: datetime) -> None:
    """Requester, approvers and owners, once for all of it."""
    requester = conn.scalars(select(batches.c.requester_id).where(batches.c.id == batch_id)).one()
    agreed = select(approvals.c.approver_id).join(payouts, payouts.c.id == approvals.c.payout_id)
    approvers = conn.scalars(agreed.where(payouts.c.batch_id == batch_id).distinct())
    told = {requester, *approvers, *roles.holders(conn, Role.OWNER)}
    jobs.add(conn, [MailBatchResult(person, batch_id) for person in with_address(conn, told)], now)


def with_address(conn: Connection, person_ids: Iterable[int]) -> list[int]:
    has_one = select(people.c.id).where(people.c.id.in_(list(person_ids)), people.c.email_sealed.is_not(None))
    return list(conn.scalars(has_one.order_by(people.c.id)))


def recipient_has_address(conn: Connection, payout_id: int) -> bool:
    joined = payouts.outerjoin(ngos, IS_PAID)
    address = func.coalesce(payouts.c.recipient_email_sealed, ngos.c.email_sealed)
    query = select(address.is_not(None)).select_from(joined).where(payouts.c.id == payout_id)
    return bool(conn.scalar(query))
