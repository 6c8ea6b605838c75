"""The key pair behind SecurityCredential, and the certificate that callers encrypt with."""

import base64
import binascii
from datetime import UTC, datetime
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

# Every certificate of Safaricom's that is in use is past its dates, which nobody checks: so is this one.
VALID_FROM = datetime(2017, 4, 25, tzinfo=UTC)
VALID_UNTIL = datetime(2018, 3, 21, tzinfo=UTC)


class KeyPair:
    """Made when first used."""

    @cached_property
    def certificate_pem(self) -> str:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "standin.daraja.invalid")])
        builder = x509.CertificateBuilder(name, name, self._private.public_key(), x509.random_serial_number())
        dated = builder.not_valid_before(VALID_FROM).not_valid_after(VALID_UNTIL)
        signed = dated.sign(self._private, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM).decode()

    def decrypt(self, credential: str) -> bytes | None:
        """None when it is nothing that was encrypted with the certificate (PKCS#1 v1.5, then base64)."""
        try:
            return self._private.decrypt(base64.b64decode(credential, validate=True), padding.PKCS1v15())
        except (binascii.Error, ValueError):
            return None

    @cached_property
    def _private(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
