"""Personal data at rest: sealed with AES-GCM, found again by a keyed hash (a bare hash of a number is guessed)."""

import hmac
import json
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
KEY_ID_BYTES = 4


class WrongKey(Exception):
    """The value was sealed with another SECRET_KEY, or it was changed afterwards."""


class Vault:
    """Sealed values begin with the key's id, so that a later key can be told from this one.

    A value is bound to the place where it lies (`storage.places`): laid anywhere else, it does not open.
    """

    def __init__(self, secret_key: str):
        secret = secret_key.encode()
        self.key_id = _derive(secret, b"trustvoice key id", KEY_ID_BYTES)
        self._cipher = AESGCM(_derive(secret, b"trustvoice sealing", 32))
        self._index_key = _derive(secret, b"trustvoice blind index", 32)
        self._mac_key = _derive(secret, b"trustvoice mac", 32)

    def seal(self, plain: bytes, place: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return self.key_id + nonce + self._cipher.encrypt(nonce, plain, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Raises WrongKey, also for what was sealed for another place."""
        return self._open(sealed, place)

    def open_unbound(self, sealed: bytes) -> bytes:
        """What releases before 0009 sealed, for no place. Only what brings such values up to date may call it.

        Raises WrongKey.
        """
        return self._open(sealed, None)

    def seal_text(self, text: str, place: bytes) -> bytes:
        return self.seal(text.encode(), place)

    def open_text(self, sealed: bytes, place: bytes) -> str:
        return self._open(sealed, place).decode()

    def mac(self, purpose: str, *parts: str | int | None) -> bytes:
        """Without the key nobody makes one, for these parts or others."""
        return hmac.digest(self._mac_key, json.dumps([purpose, *parts]).encode(), "sha256")

    def index(self, text: str) -> bytes:
        """Equal texts have equal indexes; without the key nothing can be guessed from one."""
        return hmac.digest(self._index_key, text.encode(), "sha256")

    def _open(self, sealed: bytes, place: bytes | None) -> bytes:
        if not sealed.startswith(self.key_id):
            raise WrongKey("sealed with another SECRET_KEY")
        nonce = sealed[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES]
        try:
            return self._cipher.decrypt(nonce, sealed[KEY_ID_BYTES + NONCE_BYTES :], place)
        except (InvalidTag, ValueError) as error:  # ValueError: cut short
            raise WrongKey("changed after it was sealed, or sealed for another place") from error


def _derive(secret: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=purpose).derive(secret)
