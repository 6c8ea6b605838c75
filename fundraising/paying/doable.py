"""What one person could do with which payouts now: for commands that come without a number."""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, or_, select

from fundraising.paying.payout import CANNOT_HELP
from fundraising.people.roles import Person, Role
from fundraising.statuses import AttemptState, PayoutStatus
from storage.payout_tables import attempts, payouts

p = payouts.c


class Act(StrEnum):
    DECIDE = "decide"  # approve or reject
    RETRY = "retry"
    CANCEL = "cancel"
    RESOLVE = "resolve"


def by(person: Person, act: Act) -> ColumnElement[bool]:
    """Which payouts. The rules look once more when it is done."""
    match act:
        case Act.DECIDE if person.may(Role.CHECKER):
            return and_(p.status == PayoutStatus.PENDING, p.requester_id != person.id)
        case Act.RETRY if person.may(Role.MAKER):
            may_help = and_(p.needs_review.is_(None), p.status_message.not_in(CANNOT_HELP))
            return and_(p.status == PayoutStatus.FAILED, may_help)
        case Act.CANCEL:
            own = and_(p.status == PayoutStatus.PENDING, p.requester_id == person.id)
            return or_(own, untaken()) if person.may(Role.OWNER) else own
        case Act.RESOLVE if person.may(Role.CHECKER):
            return p.needs_review.is_not(None)
        case _other:
            return false()


def untaken() -> ColumnElement[bool]:
    """Approved, and M-Pesa has accepted nothing of it."""
    waiting = select(attempts.c.payout_id).where(attempts.c.state == AttemptState.WAITING)
    busy = and_(p.status == PayoutStatus.PROCESSING, p.id.in_(waiting))
    return or_(p.status == PayoutStatus.APPROVED, busy)
