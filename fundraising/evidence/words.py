"""What is said about an attempt to pay: a row first, once, whoever says it."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from fundraising.money import Money
from mpesa.codes import Reason
from storage.payout_tables import payout_evidence
from storage.places import body_of_evidence
from storage.vault import Vault

e = payout_evidence.c


class Source(StrEnum):
    ANSWER = "answer"  # to our own request
    RESULT = "result"
    TIMEOUT = "timeout"  # M-Pesa did not process it in time: neither paid nor failed
    STATUS = "status"
    PEOPLE = "people"


class Says(StrEnum):
    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    PAID = "paid"
    FAILED = "failed"
    NOTED = "noted"
    NOTHING_NEW = "nothing new"
    HINT = "hint"
    UNMATCHED = "unmatched"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Word:
    key: bytes
    source: Source
    says: Says
    received_at: datetime
    token_hash: bytes | None = None
    attempt_id: int | None = None  # known of our own calls and of people; else the token finds it
    person_id: int | None = None
    names: tuple[str, ...] = ()  # conversation ids in the body: enough for a hint
    code: str = ""
    reason: Reason | None = None
    stops_sending: bool = False
    amount: Money | None = None
    fee: Money | None = None
    receipt: str | None = None
    payee: str | None = field(default=None, repr=False)  # number and name, as registered with M-Pesa
    utility_minor: int | None = None  # what the paying account holds after it
    body: bytes | None = None


def key_of(*parts: object) -> bytes:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()


def is_known(conn: Connection, word: Word) -> bool:
    """What was set aside through a fault of ours is as if it came for the first time."""
    return conn.scalar(select(e.id).where(e.key == word.key, e.verdict != Verdict.STUCK)) is not None


def stuck(conn: Connection) -> list[int]:
    return list(conn.scalars(select(e.id).where(e.verdict == Verdict.STUCK).order_by(e.id)))


def record(conn: Connection, vault: Vault, word: Word, attempt_id: int | None, verdict: Verdict) -> None:
    """Amount and receipt of what is not proven stay in the sealed body."""
    proven = verdict not in (Verdict.HINT, Verdict.UNMATCHED)
    row: dict[str, Any] = {
        "key": word.key,
        "source": word.source,
        "attempt_id": attempt_id,
        "person_id": word.person_id,
        "says": word.says,
        "code": word.code,
        "reason": word.reason,
        "amount_minor": word.amount.minor if word.amount and proven else None,
        "receipt": word.receipt if proven else None,
        "token_hash": word.token_hash,
        "body_sealed": vault.seal(word.body, body_of_evidence(word.key)) if word.body else None,
        "received_at": word.received_at,
        "verdict": verdict,
    }
    weighed_again = {"verdict": verdict, "attempt_id": attempt_id}
    statement = insert_or_ignore(payout_evidence).values(**row)
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=["key"], set_=weighed_again, where=payout_evidence.c.verdict == Verdict.STUCK
        )
    )
