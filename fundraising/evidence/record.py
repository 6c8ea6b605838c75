"""What M-Pesa, a statement or two people say about a payment. Every source becomes a row here, once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from fundraising.money import Money
from mpesa.codes import Reason
from storage import bulk
from storage.places import body_of_evidence
from storage.tables import evidence
from storage.vault import Vault

e = evidence.c


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


def stuck(conn: Connection) -> list[int]:
    return list(conn.scalars(select(e.id).where(e.verdict == Verdict.STUCK).order_by(e.id)))


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
