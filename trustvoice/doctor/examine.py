"""All checks side by side, each with its own time limit."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy.exc import DBAPIError

from storage import migrate
from trustvoice.doctor import lines
from trustvoice.doctor.lines import Finding, Line
from trustvoice.doctor.patient import Check, Database, Patient

CONNECTS_WITHIN_S = 10.0
LOOK_AGAIN = "Run `trustvoice doctor` again; when it says the same, report it with this line."


async def examine(patient: Patient, checks: Iterable[Check], wrong: frozenset[str]) -> list[Line]:
    """In the order of the checks. `wrong` settings hold fillers: what needs one is left out, as their lines say why.

    Raises nothing.
    """
    if "database_url" not in wrong:
        patient = replace(patient, readable=await readable(patient))
    possible = [check for check in checks if not wrong & set(check.needs) and check.reads <= patient.readable]
    found = await asyncio.gather(*(look(check, patient) for check in possible))
    return [line for part in found for line in part]


async def readable(patient: Patient) -> Database:
    try:
        async with asyncio.timeout(CONNECTS_WITHIN_S):
            at = await patient.database.read(migrate.version)
    except Exception:  # noqa: BLE001 the line about the database itself says why
        return Database.NOT
    return Database.HAS_OUR_TABLES if at == migrate.newest() else Database.CONNECTS


async def look(check: Check, patient: Patient) -> list[Line]:
    try:
        async with asyncio.timeout(check.within_s):
            findings = await check.look(patient)
    except TimeoutError:
        findings = [lines.error(f"no answer within {check.within_s:g} s", LOOK_AGAIN)]
    except DBAPIError as failed:  # its own text shows the statement
        findings = [lines.error(f"the database refuses: {failed.orig}", LOOK_AGAIN)]
    except Exception as failed:  # noqa: BLE001 one broken check hides no other
        findings = [lines.error(f"cannot be looked at: {type(failed).__name__}: {failed}", LOOK_AGAIN)]
    return [named(check.name, finding) for finding in findings]


def named(name: str, finding: Finding) -> Line:
    return Line(name, finding.status, one_line(finding.found), one_line(finding.remedy))


def one_line(text: str) -> str:
    return " ".join(text.split())
