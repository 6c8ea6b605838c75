"""Does M-Pesa know our app, and do the settings belong to one and the same environment?"""

from mpesa.codes import Reason
from mpesa.token import Granted, fetch_token
from mpesa.wire import Wire
from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import Check, Patient
from trustvoice.doctor.reaching import FROM_HERE
from trustvoice.settings.checks import MPESA_URLS
from trustvoice.settings.model import Settings

SANDBOX_PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"  # public, the same for all
SANDBOX_INITIATOR = "testapi"
OWN_APP = (
    "Compare MPESA_CONSUMER_KEY and MPESA_CONSUMER_SECRET with My Apps on https://developer.safaricom.co.ke: an app of "
    "the sandbox is unknown in production, and the other way round."
)
GO_LIVE = "Put in what Safaricom gave you when you went live (docs/going-live.md)."


async def look_at_credentials(patient: Patient) -> list[Finding]:
    """A new token ends the one of a running program (Safaricom's portal), which then gets a new one by itself."""
    settings = patient.settings
    key, secret = settings.mpesa_consumer_key, settings.mpesa_consumer_secret
    wire = Wire(patient.http, settings.mpesa_base_url)
    granted = await fetch_token(wire, key.get_secret_value(), secret.get_secret_value())
    if isinstance(granted, Granted):
        return [ok(f"M-Pesa ({settings.mpesa_environment}) grants a token for {granted.seconds} s")]
    if granted.reason is Reason.CONFIGURATION:
        return [error(f"M-Pesa ({settings.mpesa_environment}) refuses the app: {granted.message}", OWN_APP)]
    return [error(f"{settings.mpesa_base_url}: {granted.message}", FROM_HERE)]


async def look_at_environment(patient: Patient) -> list[Finding]:
    settings = patient.settings
    environment = settings.mpesa_environment
    other = "production" if environment == "sandbox" else "sandbox"
    findings = []
    if settings.mpesa_base_url == MPESA_URLS[other]:
        found = f"MPESA_ENVIRONMENT is {environment}, but MPESA_BASE_URL is that of {other}"
        findings.append(error(found, "Leave MPESA_BASE_URL out."))
    if environment == "production" and (test_data := sandbox_data(settings)):
        findings.append(error(f"production, but from the sandbox: {', '.join(test_data)}", GO_LIVE))
    return findings or [ok(environment)]


def sandbox_data(settings: Settings) -> list[str]:
    found = {
        "MPESA_PASSKEY": settings.mpesa_passkey.get_secret_value() == SANDBOX_PASSKEY,
        "MPESA_INITIATOR_NAME": settings.mpesa_initiator_name == SANDBOX_INITIATOR,
    }
    return [name for name, is_sandbox in found.items() if is_sandbox]


async def look_at_payouts(patient: Patient) -> list[Finding]:
    settings = patient.settings
    if not settings.pays_out:
        return [ok("are off: MPESA_INITIATOR_NAME is not set")]
    findings = []
    if not settings.mpesa_b2c_shortcode:
        found = f"leave from MPESA_SHORTCODE {settings.mpesa_shortcode}, because MPESA_B2C_SHORTCODE is not set"
        remedy = "Set MPESA_B2C_SHORTCODE; Safaricom mostly gives a shortcode of its own for paying out."
        findings.append(warning(found, remedy))
    if settings.mpesa_b2c_version == "v1":
        found = "MPESA_B2C_VERSION is v1, no guard against paying twice, and a lost answer cannot be asked about"
        findings.append(warning(found, "Ask Safaricom to allow B2C v3 for the shortcode, then remove the line."))
    return findings or [ok(f"leave from shortcode {settings.b2c_shortcode} as {settings.mpesa_initiator_name}")]


async def look_at_approvals(patient: Patient) -> list[Finding]:
    steps = [
        f"{people} other{'s' if people > 1 else ''} from KES {least:,} on" if least else f"{people} besides who asks"
        for least, people in patient.settings.payout_approvals
    ]
    return [ok(", ".join(steps))]


KEYS = ("mpesa_environment", "mpesa_base_url", "mpesa_consumer_key", "mpesa_consumer_secret")
CREDENTIALS = Check("m-pesa credentials", look_at_credentials, needs=KEYS)
ENVIRONMENT = Check("m-pesa environment", look_at_environment, needs=("mpesa_environment", "mpesa_base_url"))
PAYOUTS = Check("payouts", look_at_payouts, needs=("mpesa_shortcode", "mpesa_b2c_shortcode", "mpesa_initiator_name"))
APPROVALS = Check("payout approvals", look_at_approvals, needs=("payout_approvals",))
