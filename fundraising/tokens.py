"""Callback tokens: 32 random bytes in hex (base64 may spell a word that Safaricom refuses), kept only as a hash."""

import hashlib


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
