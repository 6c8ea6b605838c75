"""Does PUBLIC_URL lead to a running TrustVoice, and for how long is its certificate good?"""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx

from storage import facts
from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import TABLES, Check, Patient
from trustvoice.doctor.reaching import BAD_CERTIFICATE, NoAnswer, ask
from webhooks.health import WHOSE

RENEW = timedelta(days=14)
START = "Start `trustvoice run`, and let the proxy in front of it (or the tunnel) lead there."
RENEW_IT = "Renew it before it ends: from then on neither M-Pesa nor Telegram can call."
NOT_OURS = "PUBLIC_URL leads to another program. Correct it, or the proxy that answers there."
OTHER_BOOKS = "other books than those of DATABASE_URL (the demo, or a test?)"
HERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 what HOST may hold, to an address to ask at


async def look_at_program(patient: Patient) -> list[Finding]:
    settings = patient.settings
    url = f"http://{HERE.get(settings.host, settings.host)}:{settings.port}"
    try:
        answer = await ask(patient.http, "GET", f"{url}/readyz")
        parts = answer.json()
    except NoAnswer:
        return [warning(f"`trustvoice run` does not answer at {url}", "Start it: make run")]
    except ValueError:
        return [error(f"another program answers at {url}", "Stop that, or set another PORT.")]
    if await keeps_other_books(patient, answer):
        return [error(f"runs at {url}, but with {OTHER_BOOKS}", "Stop that, or set another PORT.")]
    poor = [f"{part} is {word}" for part, word in parts.items() if word in ("out of reach", "not ready")]
    if poor:
        return [error(f"runs at {url}, but {', '.join(poor)}", "Its log says why.")]
    return [ok(f"runs at {url}")]


async def look_at_address(patient: Patient) -> list[Finding]:
    url = f"{patient.settings.public_url}/healthz"
    try:
        answer = await ask(patient.http, "GET", url)
        body = answer.json()
    except NoAnswer as nobody:
        return [error(f"{url} {nobody.why}", f"{START} {nobody.remedy}")]
    except ValueError:
        return [error(f"{url} answers {answer.status_code}, and not as TrustVoice does", NOT_OURS)]
    if not isinstance(body, dict) or body.get("status") != "ok":
        return [error(f"{url} answers {answer.status_code}, and not as TrustVoice does", NOT_OURS)]
    if await keeps_other_books(patient, answer):
        return [error(f"{patient.settings.public_url} leads to a TrustVoice with {OTHER_BOOKS}", NOT_OURS)]
    return [ok(f"{patient.settings.public_url} leads to a running TrustVoice")]


async def keeps_other_books(patient: Patient, answer: httpx.Response) -> bool:
    """Known only where both tell: our database can be read, and the program there is of a version that says it."""
    theirs = answer.headers.get(WHOSE)
    if theirs is None or patient.readable < TABLES:
        return False
    ours = await patient.database.read(facts.mark_of_books)
    return bool(theirs != ours)


async def look_at_certificate(patient: Patient) -> list[Finding]:
    parts = urlsplit(patient.settings.public_url)
    if parts.scheme != "https" or not parts.hostname:
        return []
    try:
        ends = await end_of_certificate(parts.hostname, parts.port or 443)
    except ssl.SSLCertVerificationError as refused:
        return [error(f"of {parts.hostname} is refused: {refused.verify_message}", BAD_CERTIFICATE)]
    except OSError as failed:
        return [warning(f"of {parts.hostname} cannot be seen: {failed.strerror or failed}", START)]
    return [judged(parts.hostname, ends, patient.now())]


def judged(host: str, ends: datetime, now: datetime) -> Finding:
    found = f"of {host} is valid until {ends:%Y-%m-%d}"
    return warning(found, RENEW_IT) if ends - now < RENEW else ok(found)


async def end_of_certificate(host: str, port: int) -> datetime:
    """Raises OSError, of which SSLCertVerificationError is one."""
    context = ssl.create_default_context()
    _, writer = await asyncio.open_connection(host, port, ssl=context)
    shown = writer.get_extra_info("peercert")
    writer.close()
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)


PROGRAM = Check("program", look_at_program, needs=("host", "port"))
ADDRESS = Check("public address", look_at_address, needs=("public_url",))
CERTIFICATE = Check("public certificate", look_at_certificate, needs=("public_url",))
