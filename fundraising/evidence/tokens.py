"""Callback tokens: made before the call, kept for ever, and only as a hash.

32 random bytes in hex: base64 may spell a word that Safaricom refuses.
"""

import hashlib
from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from fundraising import randomness
from fundraising.randomness import RandomBytes
from storage import bulk
from storage.payout_tables import payout_tokens
from storage.tables import callback_tokens

c, t = callback_tokens.c, payout_tokens.c


class Purpose(StrEnum):
    PAYMENT = "payment"
    STATUS = "status"
    BALANCE = "balance"


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def mint(
    conn: Connection,
    random_bytes: RandomBytes,
    purpose: Purpose,
    attempt_id: int | None = None,
    claim_id: int | None = None,
) -> str:
    token = randomness.callback_token(random_bytes)
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


def add_token(conn: Connection, token_hash: bytes, donation_id: int) -> None:
    conn.execute(insert(callback_tokens).values(token_hash=token_hash, donation_id=donation_id))


def ids_by_token(conn: Connection, hashes: Collection[bytes]) -> dict[bytes, int]:
    return dict(bulk.select(conn, (c.token_hash, c.donation_id), c.token_hash, hashes))
