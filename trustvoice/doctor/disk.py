"""Room on the disks that we write to, and callbacks that wait there for the database."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from storage.spool import DAMAGED, SUFFIX
from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import Check, Patient
from trustvoice.running.spooling import ASIDE
from trustvoice.watching import space

MIB, LITTLE_MIB = 1024 * 1024, 1024
LATE = timedelta(minutes=10)
MAKE_ROOM = "Free some space: on a full disk no callback can be stored, and M-Pesa does not send one again."
GOES_ON = "They are stored by themselves as soon as the database works; see its line and the log."
REPORT = "They are kept there, and nothing is lost yet: keep the folder, and report it with what the log says of it."


async def look_at_room(patient: Patient) -> list[Finding]:
    """Below MIN_FREE_MB the program begins nothing new."""
    least = patient.settings.min_free_mb
    free = {folder: space.free_bytes(folder) // MIB for folder in patient.settings.folders_written_to}
    fullest = min(free, key=lambda folder: free[folder])
    found = f"{free[fullest]:,} MiB free at {fullest.absolute()}"
    if free[fullest] < least:
        return [error(f"{found}, less than MIN_FREE_MB: no new donations and payouts", MAKE_ROOM)]
    return [warning(found, MAKE_ROOM) if free[fullest] < max(2 * least, LITTLE_MIB) else ok(found)]


async def look_at_spool(patient: Patient) -> list[Finding]:
    folder = patient.settings.spool_folder
    odd = sum(1 for _ in waiting(folder / ASIDE)) + sum(1 for _ in folder.rglob(f"*{DAMAGED}"))
    if odd:
        return [error(f"{odd} files of callbacks in {folder} could not be stored", REPORT)]
    late = sum(1 for file in waiting(folder) if since(file) < patient.now() - LATE)
    if late:
        return [warning(f"{late} files of callbacks in {folder} wait for the database", GOES_ON)]
    return [ok("no callback waits for the database")]


def waiting(folder: Path) -> Iterator[Path]:
    return (file for file in folder.glob(f"*{SUFFIX}") if file.stat().st_size)


def since(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime).astimezone()


ROOM = Check("disk", look_at_room, needs=("database_url", "journal_dir", "spool_dir", "min_free_mb"))
SPOOL = Check("spool", look_at_spool, needs=("database_url", "spool_dir"))
