"""What must always hold of payouts, their attempts and their money. Part of the self-check."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, and_, func, select

from fundraising.evidence.record import PaymentKind, Verdict
from fundraising.ledger import accounts, causes
from fundraising.questions import Kind
from fundraising.statuses import OPEN_STATES, RESERVING, AttemptState, PayoutStatus
from storage.payout_tables import approvals, attempts, payouts
from storage.question_tables import questions
from storage.tables import balances, donations, evidence, postings

p, b, d, o, t, e, q = postings.c, balances.c, donations.c, payouts.c, attempts.c, evidence.c, questions.c
P = PayoutStatus
SAID_PAID = and_(e.payment_kind == PaymentKind.ATTEMPT, e.payment_id == t.id, e.verdict == Verdict.PAID)
SENT = (P.APPROVED, P.PROCESSING, P.COMPLETED, P.FAILED)
NOT_SENT = (P.PENDING, P.APPROVED, P.REJECTED)  # cancelled, or failed, and yet open: made again from the journal


def wrong_payouts(conn: Connection) -> Iterator[str]:
    for check in (
        wrong_reservations,
        wrongly_booked,
        unfounded_payments,
        disowned_payments,
        wrong_statuses,
        unapproved_sending,
        forgotten_questions,
    ):
        yield from check(conn)


def forgotten_questions(conn: Connection) -> Iterator[str]:
    """What people must look at shows beside the status of the payment, and nothing else does."""
    for kind, row_id, shown in ((Kind.PAYOUT, o.id, o.needs_review), (Kind.DONATION, d.id, d.needs_review)):
        asked = (q.payment_kind == kind, q.payment_id == row_id, q.closed_at.is_(None))
        for payment_id in conn.scalars(select(row_id).where(shown.is_not(None), ~select(q.id).where(*asked).exists())):
            yield f"{kind} {payment_id} shows that people must look at it, but nothing asks them to"
        for payment_id in conn.scalars(select(q.payment_id).where(*asked, shown.is_(None))):
            yield f"people are asked to look at {kind} {payment_id}, which does not show it"


def wrong_reservations(conn: Connection) -> Iterator[str]:
    open_ones = select(o.campaign_id, o.currency, func.sum(o.amount_minor)).where(o.status.in_(RESERVING))
    needed = {
        (str(accounts.campaign(campaign_id)), currency): int(minor)
        for campaign_id, currency, minor in conn.execute(open_ones.group_by(o.campaign_id, o.currency))
    }
    promised = select(b.account, b.currency, b.reserved_minor).where(b.reserved_minor != 0)
    held = {(account, currency): minor for account, currency, minor in conn.execute(promised)}
    for key in sorted(needed.keys() | held.keys()):
        if needed.get(key, 0) != held.get(key, 0):
            yield (
                f"{key[0]} has not reserved in {key[1]} what its open payouts need: "
                f"{held.get(key, 0)} instead of {needed.get(key, 0)}"
            )


def wrongly_booked(conn: Connection) -> Iterator[str]:
    """Every paid attempt took out of the books what M-Pesa named, or, where it named nothing, what was asked for."""
    left = (p.account == str(accounts.OUTSIDE), p.currency == o.currency, p.cause.in_(causes_of_attempt()))
    booked = select(func.coalesce(func.sum(p.minor), 0)).where(*left).scalar_subquery()
    due = func.coalesce(e.amount_minor, o.amount_minor)
    paid = select(o.id, booked.label("booked"), due.label("due")).join(attempts, t.payout_id == o.id)
    query = paid.outerjoin(evidence, SAID_PAID).where(t.state == AttemptState.SUCCEEDED, booked != due)
    for payout_id, minor, wanted in conn.execute(query):
        yield f"an attempt of payout {payout_id} is paid, but its money is not booked: {minor} instead of {wanted}"


def unfounded_payments(conn: Connection) -> Iterator[str]:
    unpaid = t.state != AttemptState.SUCCEEDED
    booked = select(p.cause).where(p.cause.in_(causes_of_attempt())).exists()
    for payout_id, state in conn.execute(select(t.payout_id, t.state).where(unpaid, booked)):
        yield f"an attempt of payout {payout_id} is {state}, but money was booked for it"


def disowned_payments(conn: Connection) -> Iterator[str]:
    told = select(t.payout_id, t.state).join(evidence, SAID_PAID)
    for payout_id, state in conn.execute(told.where(t.state != AttemptState.SUCCEEDED)):
        yield f"an attempt of payout {payout_id} is {state}, but M-Pesa's word that it is paid was taken"


def wrong_statuses(conn: Connection) -> Iterator[str]:
    """A payout that is paid, or may be, and does not say so could be paid again."""
    of_it = select(t.id).where(t.payout_id == o.id)
    is_paid = of_it.where(t.state == AttemptState.SUCCEEDED).exists()
    is_open = of_it.where(t.state.in_(OPEN_STATES)).exists()
    rules = (
        ("none of its attempts is paid", and_(o.status == P.COMPLETED, ~is_paid)),
        ("one of its attempts is paid", and_(o.status != P.COMPLETED, is_paid, ~is_open)),
        ("none of its attempts is open", and_(o.status == P.PROCESSING, ~is_paid, ~is_open)),
        ("one of its attempts is open", and_(o.status.in_(NOT_SENT), is_open)),
    )
    for what, is_wrong in rules:
        for payout_id, status in conn.execute(select(o.id, o.status).where(is_wrong)):
            yield f"payout {payout_id} is {status}, but {what}"


def unapproved_sending(conn: Connection) -> Iterator[str]:
    others = (approvals.c.payout_id == o.id, approvals.c.approver_id != o.requester_id)
    agreed = select(func.count()).where(*others).scalar_subquery()
    for payout_id in conn.scalars(select(o.id).where(o.status.in_(SENT), agreed < o.approvals_needed)):
        yield f"payout {payout_id} went on without the approvals that it needs"


def causes_of_attempt() -> list[ColumnElement[str]]:
    """Of the postings that book it."""
    cause = causes.column(causes.Kind.PAYMENT, t.payout_id, t.number)
    return [cause, causes.shortfall(cause)]
