"""The initiator's security credential: the password, encrypted for M-Pesa with the public key of its certificate."""

import base64
import re

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

PEM_BEGINS = b"-----BEGIN"
READY_MADE = re.compile(r"[A-Za-z0-9+/]{342}==")  # 256 bytes, what a key of 2048 bits makes
PADDING_TAKES = 11  # bytes


class BadCertificate(ValueError):
    """Not an X.509 certificate with an RSA key."""


def security_credential(password: str, certificate: bytes) -> str:
    """Base64 on one line, another one each time. The certificate is PEM or DER.

    Its dates do not count: every published copy has expired, and M-Pesa goes on using the key (observed).
    """
    key, secret = rsa_key(load(certificate)), password.encode()
    if not 0 < len(secret) <= key.key_size // 8 - PADDING_TAKES:
        raise ValueError("the initiator's password is empty or too long for this certificate")
    return base64.b64encode(key.encrypt(secret, PKCS1v15())).decode()


def fingerprint(certificate: bytes) -> str:
    """SHA-256, as openssl and browsers print it. Certificates of the wrong environment are told apart by it."""
    return load(certificate).fingerprint(SHA256()).hex(":").upper()


def looks_ready_made(text: str) -> bool:
    """Whether this is a security credential already, and not the password that would go into one."""
    return READY_MADE.fullmatch("".join(text.split())) is not None


def load(certificate: bytes) -> x509.Certificate:
    try:
        if PEM_BEGINS in certificate:
            return x509.load_pem_x509_certificate(certificate)
        return x509.load_der_x509_certificate(certificate)
    except ValueError as error:
        raise BadCertificate("this is not an X.509 certificate, neither PEM nor DER") from error


def rsa_key(certificate: x509.Certificate) -> RSAPublicKey:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadCertificate("this certificate's public key cannot be read") from error
    if not isinstance(key, RSAPublicKey):
        raise BadCertificate("this certificate's public key is not an RSA key")
    return key
