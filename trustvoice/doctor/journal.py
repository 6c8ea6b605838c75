"""The journal that a restore needs: can it be written, and would it outlive the database's disk?"""

from pathlib import Path

from trustvoice.doctor.folders import refusal
from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import Check, Patient

MEND = "Make JOURNAL_DIR a folder that this user may write to: without it no prompt and no payout is sent."
MOVE = "Set JOURNAL_DIR to a folder on another disk: if this one is lost, no backup can tell what was paid since."


async def look(patient: Patient) -> list[Finding]:
    folder = patient.settings.journal_folder
    if why := refusal(folder):
        return [error(f"{folder.absolute()} cannot be written: {why}", MEND)]
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    database = patient.settings.database_path
    if database and shares_disk(nearest, database.parent) and patient.settings.mpesa_environment == "production":
        return [warning(f"{folder.absolute()} is on the database's own disk", MOVE)]
    return [ok(f"in {folder.absolute()}")]


def shares_disk(one: Path, other: Path) -> bool:
    return other.exists() and one.stat().st_dev == other.stat().st_dev


CHECK = Check("journal", look, needs=("database_url", "journal_dir", "mpesa_environment"))
