"""Do the books hold?"""

from fundraising.audit import selfcheck
from trustvoice.doctor.key import vault_of
from trustvoice.doctor.lines import Finding, error, ok
from trustvoice.doctor.patient import TABLES, Check, Patient

SHOWN = 5
WITH_KEY = "See the line “secret key”."
STOP = (
    "Stop sending (/freeze in the bot), keep a copy of the database as it is, and read docs/troubleshooting.md, "
    "“The books do not hold”."
)


async def look(patient: Patient) -> list[Finding]:
    vault = vault_of(patient)
    if vault is None:
        return [error("cannot be checked without the key", WITH_KEY)]
    problems = await patient.database.read(lambda conn: selfcheck.problems(conn, vault))
    if not problems:
        return [ok("hold")]
    more = f" and {len(problems) - SHOWN} more, which `trustvoice verify` lists" if len(problems) > SHOWN else ""
    return [error(f"do not hold: {'; '.join(problems[:SHOWN])}{more}", STOP)]


CHECK = Check("books", look, needs=("database_url",), reads=TABLES, within_s=300.0)
