"""One payout, from the request to the recipient's receipt."""

from sqlalchemy import Connection, select

from fundraising import campaigns
from fundraising.audit.story import shared
from fundraising.audit.story.events import Event, Facts, Story, What, in_order
from fundraising.evidence.record import PaymentKind
from fundraising.evidence.tokens import Purpose
from fundraising.ledger.causes import Cause, Fee, Shortfall
from fundraising.messages import Kind
from fundraising.paying import payout as rows
from fundraising.paying.payout import Attempt, Payout
from fundraising.people import roles
from fundraising.statuses import PayoutStatus
from storage.payout_tables import approvals, payouts
from storage.vault import Vault


def story_of(conn: Connection, vault: Vault, payout_id: int) -> Story:
    """Raises NoSuchPayout."""
    payout, tries = rows.find(conn, vault, payout_id), rows.attempts_of(conn, payout_id)
    attempt_ids = [attempt.id for attempt in tries]
    batch = shared.told_of(conn, vault, Kind.BATCH, payout.batch_id) if payout.batch_id else []
    batch_ids = [payout.batch_id] if payout.batch_id else []
    ids = {"payout_id": [payout_id], "attempt_id": attempt_ids, "batch_id": batch_ids}
    return Story(
        Kind.PAYOUT,
        payout_id,
        payout.amount,
        payout.status,
        payout.needs_review,
        payout.receipt,
        in_order(
            beginning(conn, vault, payout),
            agreed(conn, vault, payout_id),
            refused(conn, vault, payout),
            [event for attempt in tries for event in sent(attempt)],
            shared.evidence_about(conn, vault, PaymentKind.ATTEMPT, attempt_ids, Purpose.PAYMENT, Purpose.STATUS),
            shared.posted(conn, [cause for attempt in tries for cause in causes_of(attempt)]),
            completed(payout),
            shared.told_of(conn, vault, Kind.PAYOUT, payout_id),
            batch,
        ),
        shared.waiting(conn, ids),
    )


def beginning(conn: Connection, vault: Vault, payout: Payout) -> list[Event]:
    created: Facts = {
        "by": roles.name_of(conn, vault, payout.requester_id),
        "amount": payout.amount,
        "campaign": campaigns.load_one(conn, campaigns.c.id == payout.campaign_id).title,
        "recipient": payout.recipient_name,
        "phone": str(payout.phone),
        "batch_id": payout.batch_id,
    }
    return [Event(payout.created_at, What.CREATED, created)]


def agreed(conn: Connection, vault: Vault, payout_id: int) -> list[Event]:
    query = select(approvals).where(approvals.c.payout_id == payout_id).order_by(approvals.c.created_at)
    return [
        Event(row.created_at, What.APPROVED, {"by": roles.name_of(conn, vault, row.approver_id)})
        for row in conn.execute(query)
    ]


def refused(conn: Connection, vault: Vault, payout: Payout) -> list[Event]:
    """Rejected, called back, or not decided in time."""
    at = conn.scalar(select(payouts.c.decided_at).where(payouts.c.id == payout.id))
    if at is None or payout.status not in (PayoutStatus.REJECTED, PayoutStatus.CANCELLED):
        return []
    by = roles.name_of(conn, vault, payout.decided_by)
    return [
        Event(at, What.REFUSED, {"status": payout.status, "by": by, "reason": payout.note or payout.status_message})
    ]


def sent(attempt: Attempt) -> list[Event]:
    facts: Facts = {
        "number": attempt.number,
        "originator_id": attempt.originator_id,
        "conversation_id": attempt.conversation_id,
        "state": attempt.state,
    }
    began = Event(attempt.started_at, What.SENT, facts)
    if attempt.ended_at is None:
        asked = [Event(attempt.asked_at, What.ASKED, {})] if attempt.asked_at else []
        return [began, *asked]
    ended: Facts = {
        "number": attempt.number,
        "state": attempt.state,
        "reason": attempt.reason,
        "receipt": attempt.receipt,
    }
    return [began, Event(attempt.ended_at, What.SENT_ENDED, ended)]


def causes_of(attempt: Attempt) -> list[Cause]:
    return [attempt.cause, Shortfall(attempt.cause), Fee(attempt.id)]


def completed(payout: Payout) -> list[Event]:
    facts: Facts = {
        "receipt": payout.receipt,
        "mpesa_name": payout.mpesa_name,
        "recipient": payout.recipient_name,
        "another_name": payout.went_to_another_name,
    }
    return [Event(payout.completed_at, What.COMPLETED, facts)] if payout.completed_at else []
