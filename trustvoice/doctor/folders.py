"""Can the folders be written that the program writes to? Tried, with a file that is gone at once: rights alone do not
tell of a disk that is mounted for reading only, or full."""

import os
import tempfile
from pathlib import Path

from trustvoice.doctor.lines import Finding, error, ok
from trustvoice.doctor.patient import Check, Patient

DATA = "Let DATABASE_URL name a file in a folder that this user may write to: until then nothing can be stored."
SPOOL = "Let SPOOL_DIR be such a folder: else callbacks are lost while the database is away."
LOG = "Let LOG_FILE name a file in such a folder, or leave it out: `trustvoice run` does not start with this one."


async def look(patient: Patient) -> list[Finding]:
    settings = patient.settings
    folders = {settings.spool_folder: SPOOL} | ({settings.log_file.parent: LOG} if settings.log_file else {})
    findings = []
    if database := settings.database_path:
        folders = {database.parent: DATA} | folders
        if database.exists() and not os.access(database, os.W_OK):
            findings.append(error(f"{database.absolute()} cannot be written", DATA))
    for folder, remedy in folders.items():
        if why := refusal(folder):
            findings.append(error(f"{folder.absolute()} cannot be written: {why}", remedy))
    return findings or [ok("can be written")]


def refusal(folder: Path) -> str | None:
    """Why a file cannot be made there, or, where the folder is not made yet, in the nearest one above it."""
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with tempfile.NamedTemporaryFile(dir=nearest, prefix=".trustvoice-doctor-") as file:
            file.write(b"a try")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.strerror
    return None


CHECK = Check("folders", look, needs=("database_url", "spool_dir", "log_file"))
