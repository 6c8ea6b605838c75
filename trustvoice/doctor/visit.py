"""One visit to the doctor, from the settings to the lines."""

import os
from datetime import UTC, datetime

import httpx

from trustvoice.doctor import ngrok
from trustvoice.doctor.checks import CHECKS
from trustvoice.doctor.examine import examine
from trustvoice.doctor.lines import Line, Status
from trustvoice.doctor.patient import Patient
from trustvoice.doctor.reading import reader
from trustvoice.doctor.scrubbing import scrubbed
from trustvoice.settings.legible import load_what_can_be_read
from trustvoice.settings.loading import nothing_set
from trustvoice.settings.model import Settings

ANSWER_WITHIN_S = 10.0
NOTHING = Line(
    "settings",
    Status.ERROR,
    "nothing is configured yet",
    "install -m 600 .env.example .env, and fill it in. To try TrustVoice without accounts: make demo",
)


async def visit() -> list[Line]:
    if nothing_set(os.environ):
        return [NOTHING]
    legible = load_what_can_be_read()
    if legible.settings is None:
        return settings_lines(legible.sentences)
    found = await ngrok.find(legible.settings) if "public_url" not in legible.wrong else None
    settings, wrong = (found.settings, legible.wrong | found.wrong) if found else (legible.settings, legible.wrong)
    lines = settings_lines(legible.sentences) + (found.lines if found else []) + await looked_at(settings, wrong)
    return scrubbed(lines, legible.settings)


async def looked_at(settings: Settings, wrong: frozenset[str]) -> list[Line]:
    database = reader(settings)
    try:
        async with httpx.AsyncClient(timeout=ANSWER_WITHIN_S) as http:
            return await examine(Patient(settings, database, http, lambda: datetime.now(UTC)), CHECKS, wrong)
    finally:
        await database.close()


def settings_lines(sentences: list[str]) -> list[Line]:
    """What is wrong, and how to put it right, as the sentences have it."""
    if not sentences:
        return [Line("settings", Status.OK, "can all be read", "")]
    halves = [sentence.partition(". ") for sentence in sentences]
    return [Line("settings", Status.ERROR, wrong.rstrip("."), how or "Correct it in .env.") for wrong, _, how in halves]
