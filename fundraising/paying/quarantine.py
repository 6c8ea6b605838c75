"""The time after a restore, until what is missing is known again."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from fundraising.paying.tasks import RebuildPayment
from fundraising.refusals import StillInQuarantine
from fundraising.statuses import OPEN_STATES, AttemptState
from storage import facts
from storage.payout_tables import attempts
from storage.tables import jobs

SINCE = "quarantined_since"
RESTORED_AT = "restored_at"  # stays when the quarantine ends
MAY_BE_PAID = [state for state in OPEN_STATES if state is not AttemptState.WAITING]  # that one waits for the unfreezing


def is_on(conn: Connection) -> bool:
    return facts.read(conn, SINCE) is not None


def restored_at(conn: Connection) -> datetime | None:
    """The last time. What was said before it speaks of ids that may have been given away again."""
    noted = facts.read(conn, RESTORED_AT)
    return datetime.fromisoformat(noted) if noted else None


def unsettled(conn: Connection) -> int:
    """Payments from before the restore whose end is not known yet."""
    since = facts.read(conn, SINCE)
    if since is None:
        return 0
    before = attempts.c.started_at < datetime.fromisoformat(since)
    open_ones = select(func.count()).select_from(attempts).where(attempts.c.state.in_(MAY_BE_PAID), before)
    waiting = select(func.count()).select_from(jobs).where(jobs.c.kind == RebuildPayment.__name__)
    return (conn.scalar(open_ones) or 0) + (conn.scalar(waiting) or 0)


def end(conn: Connection) -> None:
    """With the second owner's yes to unfreeze. Raises StillInQuarantine."""
    if left := unsettled(conn):
        raise StillInQuarantine(left)
    facts.note(conn, SINCE, None)
