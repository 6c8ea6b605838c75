"""Are the tables those of this program's version?"""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.migrate import MIGRATIONS
from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import Check, Database, Patient

UPGRADE = "Run: trustvoice db upgrade (`trustvoice run` does it too)."
NEWER = "Another version of TrustVoice upgraded this database. Run that one, or restore the backup from before."


async def look(patient: Patient) -> list[Finding]:
    at, head = await patient.database.read(revision), newest()
    if at == head:
        return [ok(f"are of this version, {at}")]
    if at is None:
        return [warning("the database has none yet", UPGRADE)]
    if at in known():
        return [error(f"are of version {at}, this program needs {head}; what is in them was not looked at", UPGRADE)]
    return [error(f"are of version {at}, which this program does not know", NEWER)]


def revision(conn: Connection) -> str | None:
    return MigrationContext.configure(conn).get_current_revision()


def newest() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def known() -> set[str]:
    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


CHECK = Check("tables", look, needs=("database_url",), reads=Database.CONNECTS)
