"""M-Pesa's answers and callbacks about donations, read into evidence."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from fundraising.evidence import tokens
from fundraising.evidence.record import Evidence, Says, Source, Verdict, e
from fundraising.money import Money
from fundraising.refusals import NotJson
from mpesa import callbacks
from mpesa.codes import Reason
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown
from storage.places import body_of_evidence
from storage.tables import evidence
from storage.vault import Vault

DATED = len("ws_CO_DDMMYYYYhhmmss")  # how a CheckoutRequestID begins: keys of one day lie together in their index


def from_callback(token: str | None, body: bytes, now: datetime) -> Evidence:
    """Raises NotJson. JSON of any other shape is kept as evidence that says nothing."""
    return read_callback(tokens.hash_of(token) if token else None, body, now)


def read_callback(token_hash: bytes | None, body: bytes, now: datetime) -> Evidence:
    digest = hashlib.sha256((token_hash or b"") + body).digest()
    try:
        result = callbacks.parse_stk(body)
    except callbacks.NotJson as error:
        raise NotJson from error
    except callbacks.NotACallback:
        return Evidence(digest, Source.CALLBACK, Says.UNKNOWN, now, token_hash=token_hash, body=body)
    says, reason = reading(result.outcome)
    amount = receipt = None
    match result.outcome:
        case Succeeded(payment) if payment.amount_minor and payment.receipt:
            amount, receipt = Money(payment.amount_minor), payment.receipt
        case Succeeded():  # paid, it says, but not what: a question to M-Pesa tells more
            says = Says.UNKNOWN
    return Evidence(
        result.checkout_id[:DATED].encode() + digest,
        Source.CALLBACK,
        says,
        now,
        None,
        token_hash,
        result.checkout_id,
        result.code,
        reason,
        amount,
        receipt,
        body,
    )


def from_answer(source: Source, donation_id: int, outcome: Outcome[Any], now: datetime) -> Evidence:
    """The answer to our own call. It bears neither receipt nor amount: a yes means the amount that we asked for."""
    key = hashlib.sha256(f"{source}:{donation_id}:{now.isoformat()}".encode()).digest()
    says, reason = reading(outcome)
    code = "" if isinstance(outcome, Succeeded) else outcome.code
    return Evidence(key, source, says, now, donation_id, code=code, reason=reason)


def reading(outcome: Outcome[Any]) -> tuple[Says, Reason | None]:
    match outcome:
        case Succeeded():
            return Says.SUCCEEDED, None
        case Failed(reason):
            return Says.FAILED, reason
        case Unknown():
            return Says.UNKNOWN, None


def waiting(conn: Connection, vault: Vault, limit: int) -> list[Evidence]:
    query = select(evidence).where(e.verdict.is_(None)).order_by(e.id).limit(limit).with_for_update(skip_locked=True)
    return [_reread(row, vault) for row in conn.execute(query).mappings()]


def reread_stuck(conn: Connection, vault: Vault, evidence_id: int) -> Evidence | None:
    query = select(evidence).where(e.id == evidence_id, e.verdict == Verdict.STUCK).with_for_update()
    row = conn.execute(query).mappings().one_or_none()
    return _reread(row, vault) if row else None


def _reread(row: Any, vault: Vault) -> Evidence:
    if row["body_sealed"]:
        body = vault.open(row["body_sealed"], body_of_evidence(row["key"]))
        item = read_callback(row["token_hash"], body, row["received_at"])
        return replace(item, id=row["id"])
    return Evidence(
        row["key"],
        Source(row["source"]),
        Says(row["says"]),
        row["received_at"],
        row["donation_id"],
        code=row["code"],
        reason=Reason(row["reason"]) if row["reason"] else None,
        amount=Money(row["amount_minor"]) if row["amount_minor"] else None,
        receipt=row["receipt"],
        id=row["id"],
    )
