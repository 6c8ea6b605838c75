"""What the initiator's password is encrypted with: which certificate, and is it that of our environment?"""

from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from mpesa import credential
from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import Check, Patient
from trustvoice.settings.checks import read_certificate

# By the common name of every published copy that was compared.
SANDBOX_NAMES = {"sandbox.safaricom.co.ke", "apicrypt.safaricom.co.ke"}
PRODUCTION_NAMES = {"apigee.apicaller.safaricom.co.ke"}
RIGHT_ONE = (
    "Download the certificate of your environment from Safaricom's portal. With the wrong one M-Pesa answers 2001, and "
    "locks the API user after a few tries."
)
MAKE_ANEW = "Make the security credential anew on Safaricom's portal, or set password and certificate instead."


async def look(patient: Patient) -> list[Finding]:
    settings = patient.settings
    if not settings.pays_out:
        return []
    if settings.mpesa_security_credential:
        if credential.looks_ready_made(settings.mpesa_security_credential.get_secret_value()):
            return [ok("MPESA_SECURITY_CREDENTIAL is used, which has the length of one")]
        return [warning("MPESA_SECURITY_CREDENTIAL has not the 344 characters of one", MAKE_ANEW)]
    assert settings.mpesa_certificate_file, "load insists on it"
    content = read_certificate(settings.mpesa_certificate_file)
    return [judged(content, settings.mpesa_environment, patient.now())]


def judged(content: bytes, environment: str, now: datetime) -> Finding:
    certificate = credential.load(content)
    name = common_name(certificate)
    expires = certificate.not_valid_after_utc
    past = ", long past, which M-Pesa does not mind" if expires < now else ""
    found = f"{name}, SHA-256 {credential.fingerprint(content)}, valid until {expires:%Y-%m-%d}{past}"
    belongs_to = "sandbox" if name in SANDBOX_NAMES else "production" if name in PRODUCTION_NAMES else environment
    if belongs_to != environment:
        return error(f"is that of {belongs_to}, but MPESA_ENVIRONMENT is {environment}: {found}", RIGHT_ONE)
    return ok(found)


def common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else "without a name"


CHECK = Check("certificate", look, needs=("mpesa_initiator_name", "mpesa_certificate_file", "mpesa_environment"))
