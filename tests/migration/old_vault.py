"""How the first release sealed and indexed personal data: a copy that stays, whatever storage/vault.py becomes."""

import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class OldVault:
    def __init__(self, secret_key: str):
        self._secret = secret_key.encode()
        self.key_id = self._derive(b"trustvoice key id", 4)

    def seal(self, plain: str | bytes) -> bytes:
        nonce, cipher = os.urandom(12), AESGCM(self._derive(b"trustvoice sealing", 32))
        return self.key_id + nonce + cipher.encrypt(nonce, plain if isinstance(plain, bytes) else plain.encode(), None)

    def index(self, text: str) -> bytes:
        return hmac.digest(self._derive(b"trustvoice blind index", 32), text.encode(), "sha256")

    def _derive(self, purpose: bytes, length: int) -> bytes:
        return HKDF(SHA256(), length, salt=None, info=purpose).derive(self._secret)
