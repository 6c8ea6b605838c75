"""The certificate that callers of PUBLIC_URL see, on real TLS; and the one that the initiator's password is for."""

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from aiohttp import web as server
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.trustvoice.doctor.patients import NOW, patient, told
from trustvoice.doctor import certificate, public

TODAY = datetime.now(UTC)
ENDS = TODAY + timedelta(days=40)
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PAYS = {"MPESA_INITIATOR_NAME": "api-user", "MPESA_INITIATOR_PASSWORD": "canary-password"}


def made(name: str, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, ends: datetime = ENDS) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(4711).not_valid_before(ends - timedelta(days=90)).not_valid_after(ends)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture
async def on_tls(tmp_path: Path) -> AsyncIterator[str]:
    """A TrustVoice behind a certificate of its own making, in public.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    shown = made("localhost", key)
    (tmp_path / "public.pem").write_bytes(shown)
    (tmp_path / "both.pem").write_bytes(private + shown)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    app = server.Application()
    app.router.add_get("/healthz", healthz)
    running = TestServer(app, host="localhost", scheme="https")
    await running.start_server(ssl=context)
    yield f"https://localhost:{running.port}"
    await running.close()


async def healthz(_request: server.Request) -> server.Response:
    return server.json_response({"status": "ok"})


async def test_a_certificate_that_nobody_vouches_for_is_told(on_tls: str, http: httpx.AsyncClient) -> None:
    looked_at = patient(http, PUBLIC_URL=on_tls)
    assert "its certificate is refused: self" in told(await public.look_at_address(looked_at), "error")
    assert "is refused: self" in told(await public.look_at_certificate(looked_at), "error")


async def test_a_good_certificate_is_told_with_its_end(
    on_tls: str, http: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "public.pem"))
    looked_at = patient(http, now=TODAY, PUBLIC_URL=on_tls)
    assert told(await public.look_at_certificate(looked_at), "ok") == f"of localhost is valid until {ENDS:%Y-%m-%d}"


async def test_nobody_behind_the_public_address_is_a_warning(http: httpx.AsyncClient) -> None:
    looked_at = patient(http, PUBLIC_URL="https://127.0.0.1:1")
    assert "cannot be seen" in told(await public.look_at_certificate(looked_at), "warning")


@pytest.mark.parametrize(
    ("name", "environment", "status", "says"),
    [
        ("apigee.apicaller.safaricom.co.ke", "production", "ok", "long past, which M-Pesa does not mind"),
        ("apigee.apicaller.safaricom.co.ke", "sandbox", "error", "is that of production"),
        ("sandbox.safaricom.co.ke", "production", "error", "is that of sandbox"),
        ("brand-new.safaricom.co.ke", "production", "ok", "brand-new.safaricom.co.ke, SHA-256 "),
    ],
)
async def test_the_initiators_certificate_must_be_that_of_the_environment(
    http: httpx.AsyncClient, tmp_path: Path, name: str, environment: str, status: str, says: str
) -> None:
    file = tmp_path / "mpesa.pem"
    file.write_bytes(made(name, RSA, ends=NOW - timedelta(days=3000)))
    shortcodes = {"MPESA_SHORTCODE": "522522", "MPESA_ENVIRONMENT": environment}
    looked_at = patient(http, **PAYS, **shortcodes, MPESA_CERTIFICATE_FILE=str(file))
    assert says in told(await certificate.look(looked_at), status)


@pytest.mark.parametrize(("credential", "status"), [("A" * 342 + "==", "ok"), ("QUJD", "warning")])
async def test_a_ready_made_credential_has_its_length(http: httpx.AsyncClient, credential: str, status: str) -> None:
    looked_at = patient(http, MPESA_INITIATOR_NAME="api-user", MPESA_SECURITY_CREDENTIAL=credential)
    assert credential not in told(await certificate.look(looked_at), status)


async def test_without_payouts_no_certificate_is_needed(http: httpx.AsyncClient) -> None:
    assert await certificate.look(patient(http)) == []
