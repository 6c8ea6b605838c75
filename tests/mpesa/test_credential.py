import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from mpesa.credential import BadCertificate, fingerprint, looks_ready_made, security_credential

PASSWORD = "Canary#Pass%2026&$"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
NOW = datetime.now(UTC)
YEAR = timedelta(days=365)


def certificate(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = KEY, begins: datetime = NOW) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "apicrypt.example")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(4711).not_valid_before(begins).not_valid_after(begins + YEAR)
    return builder.sign(key, SHA256())


ONE = certificate()
PEM, DER = ONE.public_bytes(Encoding.PEM), ONE.public_bytes(Encoding.DER)
EXPIRED = certificate(begins=NOW - 10 * YEAR).public_bytes(Encoding.PEM)


def opened(credential: str) -> str:
    return KEY.decrypt(base64.b64decode(credential, validate=True), PKCS1v15()).decode()


@pytest.mark.parametrize(
    "given_certificate",
    [PEM, DER, EXPIRED, PEM.replace(b"\n", b"\r\n"), b"subject=CN = apicrypt.example\n" + PEM],
    ids=["PEM", "DER", "expired", "PEM of Windows", "PEM with a heading"],
)
def test_m_pesa_reads_the_very_password_out_of_the_credential(given_certificate: bytes) -> None:
    credential = security_credential(PASSWORD, given_certificate)
    assert opened(credential) == PASSWORD
    assert len(credential) == 344
    assert credential.isascii()
    assert credential.isprintable()


def test_each_credential_is_another_one() -> None:
    assert security_credential(PASSWORD, PEM) != security_credential(PASSWORD, PEM)


def test_a_credential_does_not_show_the_password() -> None:
    assert PASSWORD.encode() not in base64.b64decode(security_credential(PASSWORD, PEM))


@pytest.mark.parametrize("password", ["", "A" * 246])
def test_a_password_that_cannot_be_encrypted_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(ValueError, match="empty or too long") as raised:
        security_credential(password, PEM)
    assert not isinstance(raised.value, BadCertificate)
    assert "AAAA" not in str(raised.value)


def test_the_longest_password_is_encrypted() -> None:
    assert opened(security_credential("A" * 245, PEM)) == "A" * 245


PUBLIC_KEY = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
BAD = {
    "nothing": b"",
    "text": b"hello",
    "a public key": PUBLIC_KEY,
    "half a PEM": PEM[: len(PEM) // 2],
    "half a DER": DER[: len(DER) // 2],
    "a broken PEM": PEM.replace(b"M", b"!"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_what_is_no_certificate_is_refused_with_a_sentence(bad: bytes) -> None:
    with pytest.raises(BadCertificate, match="neither PEM nor DER"):
        security_credential(PASSWORD, bad)
    with pytest.raises(BadCertificate, match="neither PEM nor DER"):
        fingerprint(bad)


def test_a_certificate_without_an_rsa_key_is_refused_with_a_sentence() -> None:
    with pytest.raises(BadCertificate, match="not an RSA key"):
        security_credential(PASSWORD, certificate(CURVE).public_bytes(Encoding.PEM))


@given(st.binary())
def test_any_bytes_are_refused_alike(junk: bytes) -> None:
    for bytes_of in (junk, b"-----BEGIN CERTIFICATE-----\n" + junk):
        with pytest.raises(BadCertificate):
            fingerprint(bytes_of)


def test_the_fingerprint_is_the_same_for_both_forms_and_printed_as_openssl_does() -> None:
    pairs = [f"{byte:02X}" for byte in hashlib.sha256(DER).digest()]
    assert fingerprint(PEM) == fingerprint(DER) == ":".join(pairs)


def test_a_credential_is_told_from_a_password() -> None:
    credential = security_credential(PASSWORD, PEM)
    assert looks_ready_made(credential)
    assert looks_ready_made(f" {credential}\n")
    assert looks_ready_made("\n".join(credential[at : at + 64] for at in range(0, 344, 64)))


@pytest.mark.parametrize("text", ["", PASSWORD, "A" * 343, "A" * 344, "A" * 345, "!" * 342 + "=="])
def test_a_password_is_no_credential(text: str) -> None:
    assert not looks_ready_made(text)
