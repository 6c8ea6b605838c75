"""What M-Pesa, a statement or two people say about a payment. Every source becomes a row here, once."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from fundraising import tokens
from fundraising.money import Money
from fundraising.refusals import NotJson
from mpesa import callbacks
from mpesa.codes import Reason
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown
from storage import bulk
from storage.places import body_of_evidence
from storage.tables import evidence
from storage.vault import Vault

e = evidence.c
DATED = len("ws_CO_DDMMYYYYhhmmss")  # how a CheckoutRequestID begins: keys of one day lie together in their index


class Source(StrEnum):
    CALLBACK = "callback"
    PUSH = "push"  # the answer to our own request
    QUERY = "query"
    CLAIM = "claim"  # Transaction Status about the code that a donor sent


class Says(StrEnum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    CREDITED = "credited"
    CREDITED_LATE = "credited late"  # after it was failed
    FAILED = "failed"
    SUSPENDED = "suspended"
    CORRECTED = "corrected"
    RECEIPT = "receipt attached"
    NOTED = "noted"  # not enough to decide by
    NOTHING_NEW = "nothing new"
    HINT = "hint"  # not proven to come from M-Pesa: worth a question, never worth money
    UNMATCHED = "unmatched"  # names nothing that we know
    STUCK = "stuck"  # our own fault: the operator must look


@dataclass(frozen=True, slots=True)
class Evidence:
    key: bytes  # the same evidence, delivered twice, has the same key
    source: Source
    says: Says
    received_at: datetime
    donation_id: int | None = None  # known only of answers to our own calls
    token_hash: bytes | None = None
    checkout_id: str = ""
    code: str = ""
    reason: Reason | None = None
    amount: Money | None = None
    receipt: str | None = None
    body: bytes | None = None
    id: int = 0


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


def known_keys(conn: Connection, items: Iterable[Evidence]) -> set[bytes]:
    return {key for (key,) in bulk.select(conn, (e.key,), e.key, [item.key for item in items])}


def record(conn: Connection, vault: Vault, weighed: Iterable[tuple[Evidence, int | None, Verdict | None]]) -> None:
    """Each with the donation it was weighed against and the verdict; (None, None) while it waits.

    What an unproven callback says of amount and receipt stays in its sealed body, where nothing can book or show it.
    An answer to our own call has no body: what it says is read from here when it was waiting.
    """
    rows = [
        {
            "key": item.key,
            "source": item.source,
            "donation_id": donation_id or item.donation_id,
            "token_hash": item.token_hash,
            "says": item.says,
            "code": item.code,
            "reason": item.reason,
            "amount_minor": item.amount.minor if item.amount and tells(item, verdict) else None,
            "receipt": item.receipt if tells(item, verdict) else None,
            "body_sealed": vault.seal(item.body, body_of_evidence(item.key)) if item.body else None,
            "received_at": item.received_at,
            "verdict": verdict,
        }
        for item, donation_id, verdict in weighed
    ]
    bulk.insert(conn, evidence, rows, "ON CONFLICT DO NOTHING")


def proven(verdict: Verdict | None) -> bool:
    return verdict not in (None, Verdict.HINT, Verdict.UNMATCHED)


def tells(item: Evidence, verdict: Verdict | None) -> bool:
    return proven(verdict) or (item.donation_id is not None and item.body is None)


def waiting(conn: Connection, vault: Vault, limit: int) -> list[Evidence]:
    query = select(evidence).where(e.verdict.is_(None)).order_by(e.id).limit(limit).with_for_update(skip_locked=True)
    return [_reread(row, vault) for row in conn.execute(query).mappings()]


def stuck(conn: Connection) -> list[int]:
    return list(conn.scalars(select(e.id).where(e.verdict == Verdict.STUCK).order_by(e.id)))


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


def close(conn: Connection, weighed: Iterable[tuple[Evidence, int | None, Verdict]]) -> None:
    rows = [
        {
            "pk": item.id,
            "found": verdict,
            "against": donation_id,
            "minor": item.amount.minor if item.amount and proven(verdict) else None,
            "paper": item.receipt if proven(verdict) else None,
        }
        for item, donation_id, verdict in weighed
    ]
    values: dict[str, Any] = {
        "verdict": bindparam("found"),
        "donation_id": bindparam("against"),
        "amount_minor": bindparam("minor"),
        "receipt": bindparam("paper"),
    }
    if rows:
        conn.execute(update(evidence).where(e.id == bindparam("pk")).values(**values), rows)
