"""What M-Pesa says, read into evidence; and read once more from where it was stored."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from fundraising.evidence import payments, prompts, statuses
from fundraising.evidence.record import Evidence, Payment, PaymentKind, Says, Source, Verdict, e
from fundraising.money import Money
from mpesa.codes import Reason
from mpesa.outcome import Failed
from storage.places import body_of_evidence
from storage.tables import evidence
from storage.vault import Vault

Read = Callable[[bytes | None, bytes, datetime], Evidence]  # the token's hash, the body, when it came
READERS: Mapping[Source, Read] = {
    Source.CALLBACK: prompts.callback,
    Source.RESULT: payments.result,
    Source.TIMEOUT: payments.timeout,
    Source.STATUS: statuses.about_payment,
    Source.CLAIM: statuses.about_claim,
}


def waiting(conn: Connection, vault: Vault, limit: int) -> list[Evidence]:
    query = select(evidence).where(e.verdict.is_(None)).order_by(e.id).limit(limit).with_for_update(skip_locked=True)
    return [again(row, vault) for row in conn.execute(query)]


def stuck(conn: Connection, vault: Vault, evidence_id: int) -> Evidence | None:
    query = select(evidence).where(e.id == evidence_id, e.verdict == Verdict.STUCK).with_for_update()
    row = conn.execute(query).one_or_none()
    return again(row, vault) if row else None


def again(row: Any, vault: Vault) -> Evidence:
    source = Source(row.source)
    if row.body_sealed:
        body = vault.open(row.body_sealed, body_of_evidence(row.key))
        return replace(READERS[source](row.token_hash, body, row.received_at), key=row.key, id=row.id)
    reason = Reason(row.reason) if row.reason else None
    return Evidence(
        row.key,
        source,
        Says(row.says),
        row.received_at,
        Payment(PaymentKind(row.payment_kind), row.payment_id) if row.payment_kind else None,
        row.token_hash,
        code=row.code,
        reason=reason,
        amount=Money(row.amount_minor) if row.amount_minor else None,
        receipt=row.receipt,
        person_id=row.person_id,
        stops_sending=source is Source.ANSWER and reason is not None and Failed(reason, row.code).stops_sending,
        id=row.id,
    )
