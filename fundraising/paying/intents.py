"""What is written into the journal before M-Pesa is told to pay."""

from sqlalchemy import Connection, select

from fundraising.journal import PaymentIntent, campaign_seen, name_place, place
from fundraising.paying import agreement
from fundraising.paying.payout import Attempt, Payout
from fundraising.people import phones, roles
from storage import facts
from storage.payout_tables import people
from storage.vault import Vault


def of_payment(conn: Connection, vault: Vault, payout: Payout, attempt: Attempt, token_hash: bytes) -> PaymentIntent:
    approvers = agreement.approvers(conn, payout.id)
    named = select(people.c.id, people.c.name_sealed).where(people.c.id.in_([payout.requester_id, *approvers]))
    return PaymentIntent(
        book=facts.book(conn),
        at=attempt.started_at,
        payout_id=payout.id,
        number=attempt.number,
        originator_id=attempt.originator_id,
        token_hash=token_hash,
        campaign=campaign_seen(conn, payout.campaign_id),
        ngo_id=payout.ngo_id,
        batch_id=payout.batch_id,
        requester_id=payout.requester_id,
        approver_ids=sorted(approvers),
        names={
            row.id: vault.seal_text(roles.name_in(row, vault), name_place(attempt.originator_id, row.id))
            for row in conn.execute(named)
        },
        approvals_needed=payout.approvals_needed,
        recipient_name=vault.seal_text(payout.recipient_name, place("recipient_name", attempt.originator_id)),
        phone=phones.seal(vault, payout.phone, place("phone", attempt.originator_id)),
        phone_index=phones.index(vault, payout.phone),
        amount_minor=payout.amount.minor,
        currency=payout.amount.currency,
        purpose="",
        remarks="",
        created_at=payout.created_at,
        purpose_sealed=vault.seal_text(payout.purpose, place("purpose", attempt.originator_id)),
        remarks_sealed=vault.seal_text(payout.remarks, place("remarks", attempt.originator_id)),
    )
