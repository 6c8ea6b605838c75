"""Callback tokens: made before the call, kept for ever, and only as a hash.

32 random bytes in hex: base64 may spell a word that Safaricom refuses.
"""

import hashlib
from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import Connection
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from fundraising import randomness
from fundraising.randomness import RandomBytes
from storage import bulk
from storage.tables import tokens

t = tokens.c


class Purpose(StrEnum):
    """What a token was made for, and so what it proves, and whose id `about` is."""

    PUSH = "push"  # a donation's
    PAYMENT = "payment"  # an attempt's
    STATUS = "status"  # an attempt's
    CLAIM = "claim"  # a claim's
    BALANCE = "balance"  # nobody's


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def mint(conn: Connection, random_bytes: RandomBytes, purpose: Purpose, about: int | None = None) -> str:
    token = randomness.callback_token(random_bytes)
    add(conn, hash_of(token), purpose, about)
    return token


def add(conn: Connection, token_hash: bytes, purpose: Purpose, about: int | None) -> None:
    conn.execute(plain_insert(tokens).values(token_hash=token_hash, purpose=purpose, about_id=about))


def add_unless_known(conn: Connection, token_hash: bytes, purpose: Purpose, about: int) -> bool:
    """Whether it is new."""
    new = insert_or_ignore(tokens).values(token_hash=token_hash, purpose=purpose, about_id=about)
    return bool(conn.execute(new.on_conflict_do_nothing()).rowcount)


def known(conn: Connection, hashes: Collection[bytes]) -> set[bytes]:
    return {token_hash for (token_hash,) in bulk.select(conn, (t.token_hash,), t.token_hash, hashes)}


def made_for(conn: Connection, hashes: Collection[bytes], *purposes: Purpose) -> dict[bytes, int]:
    """Whom the tokens of these purposes are about: a token proves only what it was made for."""
    rows = bulk.select(conn, (t.token_hash, t.purpose, t.about_id), t.token_hash, hashes)
    return {token_hash: about for token_hash, purpose, about in rows if purpose in purposes and about is not None}


def purpose_of(conn: Connection, token_hash: bytes) -> Purpose | None:
    for (purpose,) in bulk.select(conn, (t.purpose,), t.token_hash, [token_hash]):
        return Purpose(purpose)
    return None
