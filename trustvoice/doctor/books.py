"""Do the books hold?"""

from fundraising.audit import selfcheck
from trustvoice.doctor.lines import Finding, error, ok
from trustvoice.doctor.patient import TABLES, Check, Patient

SHOWN = 5
STOP = (
    "Stop sending (/freeze in the bot), keep a copy of the database as it is, and read docs/troubleshooting.md, "
    "“The books do not hold”."
)


async def look(patient: Patient) -> list[Finding]:
    problems = await patient.database.read(selfcheck.problems)
    if not problems:
        return [ok("hold")]
    more = f" and {len(problems) - SHOWN} more, which `trustvoice verify` lists" if len(problems) > SHOWN else ""
    return [error(f"do not hold: {'; '.join(problems[:SHOWN])}{more}", STOP)]


CHECK = Check("books", look, needs=("database_url",), reads=TABLES, within_s=300.0)
