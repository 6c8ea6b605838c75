"""Callback tokens of payouts and of questions: minted before the call, kept for ever as hashes."""

from enum import StrEnum

from sqlalchemy import Connection, insert, select

from fundraising import chance
from fundraising.chance import RandomBytes
from fundraising.tokens import hash_of
from storage.payout_tables import payout_tokens

t = payout_tokens.c


class Purpose(StrEnum):
    PAYMENT = "payment"
    STATUS = "status"
    BALANCE = "balance"


def mint(
    conn: Connection,
    random_bytes: RandomBytes,
    purpose: Purpose,
    attempt_id: int | None = None,
    claim_id: int | None = None,
) -> str:
    token = chance.callback_token(random_bytes)
    row = {"token_hash": hash_of(token), "purpose": purpose, "attempt_id": attempt_id, "claim_id": claim_id}
    conn.execute(insert(payout_tokens).values(**row))
    return token


def attempt_of(conn: Connection, token_hash: bytes | None, purpose: Purpose) -> int | None:
    """A token proves only what it was made for."""
    if token_hash is None:
        return None
    found: int | None = conn.scalar(select(t.attempt_id).where(t.token_hash == token_hash, t.purpose == purpose))
    return found


def claim_of(conn: Connection, token_hash: bytes) -> int | None:
    found: int | None = conn.scalar(select(t.claim_id).where(t.token_hash == token_hash))
    return found
