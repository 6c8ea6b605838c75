"""Does this machine's clock agree with M-Pesa's and Telegram's? A push carries the time, and days are cut by it."""

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import Check, Patient
from trustvoice.doctor.reaching import NoAnswer, ask

A_LITTLE_S, TOO_MUCH_S = 30.0, 120.0
SET_IT = "Let the system keep the time: timedatectl set-ntp true"


async def look(patient: Patient) -> list[Finding]:
    settings = patient.settings
    others = {"M-Pesa": settings.mpesa_base_url, "Telegram": settings.telegram_api_url}
    return list(await asyncio.gather(*(compare(patient, name, url) for name, url in others.items())))


async def compare(patient: Patient, name: str, url: str) -> Finding:
    before = patient.now()
    try:
        answer = await ask(patient.http, "GET", url)
        theirs = when(answer.headers.get("date", ""))
    except NoAnswer as nobody:
        return warning(f"not compared with {name}'s: {url} {nobody.why}", nobody.remedy)
    except ValueError:
        return warning(f"{name} does not say the time", "Compare the time of this machine with another's.")
    ours = before + (patient.now() - before) / 2
    apart = (ours - theirs).total_seconds()
    if abs(apart) <= A_LITTLE_S:
        return ok(f"agrees with {name}'s")
    found = f"is {abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} {name}'s"
    return error(found, SET_IT) if abs(apart) > TOO_MUCH_S else warning(found, SET_IT)


def when(header: str) -> datetime:
    """Raises ValueError."""
    moment = parsedate_to_datetime(header)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


CHECK = Check("clock", look, needs=("mpesa_base_url", "mpesa_environment", "telegram_api_url"))
