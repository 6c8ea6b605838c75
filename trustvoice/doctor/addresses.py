"""The addresses at which M-Pesa calls us: would Safaricom take them, and do they lead here?"""

import asyncio
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from mpesa.callback_url import refused_words
from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import Check, Patient
from trustvoice.doctor.reaching import NoAnswer, ask
from trustvoice.settings.model import Settings

NO_TOKEN_NO_JSON = b""  # stored by nobody, answered by TrustVoice alone in this way
FORBIDDEN = 403
TUNNELS = ("ngrok.io", "ngrok.app", "ngrok.dev", "ngrok-free.app", "ngrok-free.dev")
PUBLIC_NAME = "Set PUBLIC_URL (and the callback addresses, if you set any) to a name that the internet can reach."
OTHER_WORDS = "Leave the callback addresses out of .env, and use a host name without these words."
LEAD_HERE = "Let the proxy in front hand POST requests for this path to `trustvoice run`, and start that."
ALLOW = "That is right if only Safaricom's addresses are let through; else let this path through."


def addresses_of(settings: Settings) -> dict[str, str]:
    found = {"payments": settings.stk_callback_url}
    if settings.pays_out:
        found |= {
            "payouts": settings.b2c_result_url,
            "late payouts": settings.b2c_timeout_url,
            "answers about payouts": settings.status_result_url,
            "balances": settings.balance_result_url,
        }
    return found


async def look(patient: Patient) -> list[Finding]:
    found = addresses_of(patient.settings)
    written = [finding for what, url in found.items() for finding in as_written(patient, what, url)]
    answered = await asyncio.gather(*(as_answered(patient, what, url) for what, url in found.items()))
    findings = written + [finding for finding in answered if finding]
    return findings or [ok(f"{len(found)} below {common(list(found.values()))} are acceptable and lead to TrustVoice")]


def as_written(patient: Patient, what: str, url: str) -> Iterator[Finding]:
    in_production = patient.settings.mpesa_environment == "production"
    bad = error if in_production else warning
    if words := refused_words(url):
        note = "" if in_production else "; the sandbox accepts it, production does not"
        yield bad(f"for {what}, {url} contains {' and '.join(words)}, which Safaricom refuses{note}", OTHER_WORDS)
    host = urlsplit(url).hostname or ""
    if in_production and not url.startswith("https://"):
        yield error(f"for {what}, {url} is not https", PUBLIC_NAME)
    if in_production and host.endswith(TUNNELS):
        yield error(f"for {what}, {url} is a tunnel, which Safaricom refuses in production", PUBLIC_NAME)
    if is_private(host) and not patient.is_rehearsed:
        yield error(f"for {what}, {url} is an address that only this network knows", PUBLIC_NAME)


async def as_answered(patient: Patient, what: str, url: str) -> Finding | None:
    """A body that is no JSON is refused by TrustVoice in words of its own, and kept by nobody."""
    try:
        answer = await ask(patient.http, "POST", url, content=NO_TOKEN_NO_JSON)
    except NoAnswer as nobody:
        return error(f"for {what}, {url} {nobody.why}", nobody.remedy)
    if "Not JSON" in answer.text and answer.status_code == 400:  # as webhooks/mpesa.py says it
        return None
    if answer.status_code == FORBIDDEN:
        return warning(f"for {what}, {url} refuses calls from here (403)", ALLOW)
    return error(f"for {what}, {url} answers {answer.status_code}, and not as TrustVoice does", LEAD_HERE)


def is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".local", ".internal", ".lan")) or "." not in host


def common(urls: list[str]) -> str:
    hosts = {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, urls)}
    return " and ".join(sorted(hosts))


CHECK = Check("callback addresses", look, needs=("public_url", "mpesa_environment", "mpesa_base_url"))
