"""What donations and payouts have in common: postings, what was told, and the jobs that wait."""

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import Connection, select

from fundraising.audit.story.events import Event, Facts, Waiting, What
from fundraising.evidence.record import PaymentKind
from fundraising.evidence.tokens import Purpose
from fundraising.ledger.causes import Cause
from fundraising.messages import Kind
from fundraising.money import Money
from fundraising.people import roles
from storage.payout_tables import accounts
from storage.story_tables import told
from storage.tables import evidence, jobs, postings, tokens
from storage.vault import Vault

p, t, j, e, k = postings.c, told.c, jobs.c, evidence.c, tokens.c


def posted(conn: Connection, causes: Collection[Cause]) -> list[Event]:
    """Where money came to, a line for each account."""
    rows = conn.execute(
        select(postings).where(p.cause.in_([str(cause) for cause in causes])).order_by(p.posted_at, p.cause, p.minor)
    )
    return [
        Event(row.posted_at, What.POSTED, {"account": row.account, "amount": Money(row.minor, row.currency)})
        for row in rows
    ]


def told_of(conn: Connection, vault: Vault, kind: Kind, payment_id: int) -> list[Event]:
    query = select(told, accounts.c.person_id).join(accounts, accounts.c.chat_id == t.chat_id, isouter=True)
    rows = conn.execute(query.where(t.kind == kind, t.payment_id == payment_id).order_by(t.id))
    return [
        Event(
            row.told_at,
            What.TOLD,
            {
                "audience": row.audience,
                "news": row.what,
                "person": roles.name_of(conn, vault, row.person_id) if row.person_id else None,
                "message_id": row.message_id,
            },
        )
        for row in rows
    ]


def waiting(
    conn: Connection, ids: Mapping[str, Collection[int]], also: Callable[[Any], bool] = lambda _payload: False
) -> tuple[Waiting, ...]:
    """Jobs whose payload names one of `ids`, by field; or about whose payload `also` holds."""
    found = []
    for row in conn.execute(select(jobs).order_by(j.run_at, j.id)):
        payload = json.loads(row.payload)
        if any(payload.get(name) in wanted for name, wanted in ids.items()) or also(payload):
            found.append(Waiting(row.kind, row.run_at, row.attempt))
    return tuple(found)


def evidence_about(
    conn: Connection, vault: Vault, kind: PaymentKind, ids: Collection[int], *purposes: Purpose
) -> list[Event]:
    """What M-Pesa, or people, said; also what came with a token of theirs and still waits to be weighed."""
    ours = select(k.token_hash).where(k.token_hash == e.token_hash, k.purpose.in_(purposes), k.about_id.in_(ids))
    waits = (e.verdict.is_(None), e.payment_id.is_(None), ours.exists())
    its_own = (e.payment_kind == kind, e.payment_id.in_(ids))
    found = [row for mine in (its_own, waits) for row in conn.execute(select(evidence).where(*mine))]
    return [said(conn, vault, row) for row in sorted(found, key=lambda each: each.id)]


def said(conn: Connection, vault: Vault, row: Any) -> Event:
    facts: Facts = {
        "source": row.source,
        "says": row.says,
        "code": row.code,
        "reason": row.reason,
        "verdict": row.verdict,
        "amount": Money(row.amount_minor) if row.amount_minor else None,
        "receipt": row.receipt,
        "person": roles.name_of(conn, vault, row.person_id) if row.person_id else None,
    }
    return Event(row.received_at, What.EVIDENCE, facts)
