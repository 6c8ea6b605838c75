"""A restore rewinds our memory, not M-Pesa's: nothing is sent until what is missing is known again."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from fundraising import stops
from fundraising.ledger import reservations
from fundraising.paying import payout as rows
from fundraising.paying import quarantine
from fundraising.paying.tasks import AskAboutPayout
from fundraising.recovery import rebuilding
from fundraising.statuses import PayoutReview, PayoutStatus, StopCause
from storage import facts, jobs
from storage.payout_tables import attempts, payouts
from storage.vault import Vault

NOT_SENT = "cancelled by a restore: whether it was sent is not known here"
MAY_BE_RETRIED = timedelta(days=90)
UNJUDGED = "restored_and_not_judged"  # noted until it is known whether a journal tells what is missing
MARKS = (quarantine.SINCE, quarantine.RESTORED_AT, UNJUDGED)
p, a = payouts.c, attempts.c


def begin(conn: Connection, because: StopCause, now: datetime) -> None:
    for mark in MARKS:
        facts.note(conn, mark, now.isoformat())
    stops.freeze(conn, because, now)


def is_unjudged(conn: Connection) -> bool:
    return facts.read(conn, UNJUDGED) is not None


def judge(conn: Connection, vault: Vault, told: bool, now: datetime) -> int:
    """`told`: a journal tells what was sent since. Else, how many payouts are doubtful."""
    facts.lock(conn)
    if not is_unjudged(conn):
        return 0
    facts.note(conn, UNJUDGED, None)
    return 0 if told else distrust(conn, vault, now)


def distrust(conn: Connection, vault: Vault, now: datetime) -> int:
    """Without a journal: whatever the backup holds as not sent may have been sent since. How many payouts that are."""
    undecided = p.status.in_([PayoutStatus.PENDING, PayoutStatus.APPROVED])
    cancelled = rows.load(conn, vault, 1_000_000, undecided)
    for payout in cancelled:
        rows.change_status(conn, payout, PayoutStatus.CANCELLED, status_message=NOT_SENT, decided_at=now)
        reservations.release(conn, payout.campaign_id, payout.amount)
    doubt_unsent(conn, vault, now)
    failed = (p.status == PayoutStatus.FAILED) & (p.created_at > now - MAY_BE_RETRIED) & p.needs_review.is_(None)
    found = func.coalesce(p.needs_review, "").in_([PayoutReview.OTHER_AMOUNT, PayoutReview.UNREADABLE])
    may_fail = (p.status == PayoutStatus.PROCESSING) & ~found
    doubtful = conn.scalars(select(p.id).where(failed | may_fail).order_by(p.id)).all()
    for payout_id in doubtful:
        rows.ask_people(conn, payout_id, PayoutReview.RESTORED, now)
    return len(cancelled) + len(doubtful)


def doubt_unsent(conn: Connection, vault: Vault, now: datetime) -> None:
    found = conn.execute(select(a.id, a.payout_id).where(a.state.in_(rebuilding.UNSENT)).order_by(a.payout_id)).all()
    for attempt_id, payout_id in found:
        rows.find(conn, vault, payout_id, lock=True)
        rebuilding.doubt(conn, attempt_id)
    jobs.add(conn, [AskAboutPayout(attempt_id) for attempt_id, _ in found], now)
