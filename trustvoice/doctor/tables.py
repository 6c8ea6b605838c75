"""Are the tables those of this program's version?"""

from storage.migrate import newest, version, versions
from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import Check, Database, Patient

UPGRADE = "Run: trustvoice db upgrade (`trustvoice run` does it too)."
NEWER = "Another version of TrustVoice upgraded this database. Run that one, or restore the backup from before."


async def look(patient: Patient) -> list[Finding]:
    at, head = await patient.database.read(version), newest()
    if at == head:
        return [ok(f"are of this version, {at}")]
    if at is None:
        return [warning("the database has none yet", UPGRADE)]
    if at in versions():
        return [error(f"are of version {at}, this program needs {head}; what is in them was not looked at", UPGRADE)]
    return [error(f"are of version {at}, which this program does not know", NEWER)]


CHECK = Check("tables", look, needs=("database_url",), reads=Database.CONNECTS)
