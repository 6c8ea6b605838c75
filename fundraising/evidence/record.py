"""What M-Pesa, a statement or people say about a payment. Every source becomes a row here, once."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from fundraising.money import Money
from mpesa.codes import Reason
from storage import bulk
from storage.places import body_of_evidence
from storage.tables import evidence
from storage.vault import Vault

e = evidence.c


class Source(StrEnum):
    CALLBACK = "callback"  # about a prompt
    PUSH = "push"  # the answer to our own request to prompt
    QUERY = "query"  # about a prompt
    CLAIM = "claim"  # Transaction Status about the code that a donor sent
    ANSWER = "answer"  # to our own request to pay
    RESULT = "result"  # of a payment
    TIMEOUT = "timeout"  # M-Pesa did not process a payment in time: neither paid nor failed
    STATUS = "status"  # Transaction Status about a payment
    PEOPLE = "people"


class Says(StrEnum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNREADABLE = "unreadable"  # paid, it says, but not readably what: worth a question, not a booking
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    CREDITED = "credited"
    CREDITED_LATE = "credited late"  # after it was failed
    PAID = "paid"
    FAILED = "failed"
    SUSPENDED = "suspended"
    CORRECTED = "corrected"
    RECEIPT = "receipt attached"
    NOTED = "noted"  # not enough to decide by
    NOTHING_NEW = "nothing new"
    HINT = "hint"  # not proven to come from M-Pesa: worth a question, never worth money
    UNMATCHED = "unmatched"  # names nothing that we know
    STUCK = "stuck"  # our own fault: the operator must look


UNPROVEN = (Verdict.HINT, Verdict.UNMATCHED)


class PaymentKind(StrEnum):
    DONATION = "donation"
    ATTEMPT = "attempt"  # one request to M-Pesa to pay somebody


class Payment(NamedTuple):
    kind: PaymentKind
    id: int


@dataclass(frozen=True, slots=True)
class Evidence:
    key: bytes  # the same evidence, delivered twice, has the same key
    source: Source
    says: Says
    received_at: datetime
    payment: Payment | None = None  # known of answers to our own calls and of people; else the token finds it
    token_hash: bytes | None = None
    names: tuple[str, ...] = ()  # M-Pesa's ids of the payment, as told: enough for a hint
    code: str = ""
    reason: Reason | None = None
    amount: Money | None = None
    receipt: str | None = None
    body: bytes | None = None
    person_id: int | None = None
    fee: Money | None = None
    payee: str | None = field(default=None, repr=False)  # number and name, as registered with M-Pesa
    stops_sending: bool = False
    utility_minor: int | None = None  # what the account that pays holds after it
    id: int = 0  # of its row, when it was stored before
    is_stray: bool = False  # proven to have come to us, and to be of no payment that we know for sure


def donation(donation_id: int) -> Payment:
    return Payment(PaymentKind.DONATION, donation_id)


def attempt(attempt_id: int) -> Payment:
    return Payment(PaymentKind.ATTEMPT, attempt_id)


class Weighed(NamedTuple):
    """`payment`: what it was weighed against, or, where it proves nothing, whom it names."""

    item: Evidence
    payment: Payment | None
    verdict: Verdict
    called: str | None = None  # in the log, where that is not the payment's own name


def key_of(*parts: object) -> bytes:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()


def without_known(conn: Connection, items: Sequence[Evidence]) -> list[Evidence]:
    """What was set aside through a fault of ours is as if it came for the first time.

    Asked while the payments that they name are locked, two deliveries at once are one.
    """
    rows = bulk.select(conn, (e.key, e.verdict), e.key, [item.key for item in items if not item.id])
    known = {key for key, verdict in rows if verdict != Verdict.STUCK}
    return [item for item in items if item.id or item.key not in known]


def store(conn: Connection, vault: Vault, items: Iterable[Evidence]) -> None:
    """Not weighed yet."""
    insert(conn, vault, [(item, item.payment, None) for item in items])


def record(conn: Connection, vault: Vault, weighed: Sequence[Weighed]) -> None:
    """With the verdicts; also on what was stored before."""
    insert(conn, vault, [each[:3] for each in weighed if not each.item.id])
    close(conn, [each for each in weighed if each.item.id])


def insert(conn: Connection, vault: Vault, weighed: Iterable[tuple[Evidence, Payment | None, Verdict | None]]) -> None:
    """What an unproven callback says of amount and receipt stays in its sealed body, where nothing can book or show it.

    An answer to our own call has no body: what it says is read from here when it was waiting.
    """
    rows = [
        {
            "key": item.key,
            "source": item.source,
            "payment_kind": payment and payment.kind,
            "payment_id": payment and payment.id,
            "person_id": item.person_id,
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
        for item, payment, verdict in weighed
    ]
    bulk.insert(conn, evidence, rows, WEIGHED_AGAIN)


AGAIN = ("payment_kind", "payment_id", "says", "amount_minor", "receipt", "verdict")
WEIGHED_AGAIN = (
    f"ON CONFLICT (key) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in AGAIN)} "
    f"WHERE evidence.verdict = '{Verdict.STUCK}'"
)


def proven(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict not in UNPROVEN


def tells(item: Evidence, verdict: Verdict | None) -> bool:
    return proven(verdict) or (item.payment is not None and item.body is None)


def close(conn: Connection, weighed: Sequence[Weighed]) -> None:
    """Of what was stored before."""
    rows = [
        {
            "pk": item.id,
            "found": verdict,
            "kind": payment and payment.kind,
            "against": payment and payment.id,
            "minor": item.amount.minor if item.amount and proven(verdict) else None,
            "paper": item.receipt if proven(verdict) else None,
        }
        for item, payment, verdict, _ in weighed
    ]
    values: dict[str, Any] = {
        "verdict": bindparam("found"),
        "payment_kind": bindparam("kind"),
        "payment_id": bindparam("against"),
        "amount_minor": bindparam("minor"),
        "receipt": bindparam("paper"),
    }
    if rows:
        conn.execute(update(evidence).where(e.id == bindparam("pk")).values(**values), rows)


def id_of(conn: Connection, key: bytes) -> int:
    return conn.scalars(select(e.id).where(e.key == key)).one()


def stuck(conn: Connection) -> list[int]:
    return list(conn.scalars(select(e.id).where(e.verdict == Verdict.STUCK).order_by(e.id)))
