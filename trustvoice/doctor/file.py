"""SQLite's file: is it whole, and does its log get folded in?"""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import Check, Patient
from trustvoice.doctor.reading import connect

MIB = 1024 * 1024
SMALL = 256 * MIB  # read through in a few seconds
GIVE_UP_AFTER_S, STEPS = 20.0, 10_000
WAL_MUCH, WAL_TOO_MUCH = 128 * MIB, 1024 * MIB  # `run` folds it in at 16 MiB, unless somebody reads for long
KEEP_IT = "Stop TrustVoice, copy the file away as it is, and go back to the last backup (trustvoice restore)."
CHECKPOINT = "Restart `trustvoice run`; if it stays, another program holds the file open."


async def look_inside(patient: Patient) -> list[Finding]:
    path = patient.settings.database_path
    if path is None or not path.exists():
        return []
    if (size := path.stat().st_size) > SMALL:
        return [ok(f"{size // MIB} MiB: not read through; trustvoice backup does")]
    return [await asyncio.to_thread(quick_check, path)]


def quick_check(path: Path) -> Finding:
    deadline = time.monotonic() + GIVE_UP_AFTER_S
    with closing(connect(path)) as conn:
        conn.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
        try:
            said = [str(row[0]) for row in conn.execute("PRAGMA quick_check(5)")]
        except sqlite3.OperationalError as failed:
            return warning(f"not read through: {failed}", "Run the doctor again when the machine has less to do.")
        except sqlite3.DatabaseError as broken:
            return error(f"cannot be read: {broken}", KEEP_IT)
    if said != ["ok"]:
        return error(f"is damaged: {'; '.join(said)}", KEEP_IT)
    return ok(f"{path} is whole, {path.stat().st_size / MIB:.1f} MiB")


async def look_at_wal(patient: Patient) -> list[Finding]:
    path = patient.settings.database_path
    if path is None or not path.exists():
        return []
    log = path.with_name(f"{path.name}-wal")
    size = log.stat().st_size if log.exists() else 0
    found = f"{size / MIB:.1f} MiB are not yet folded into the file"
    if size > WAL_TOO_MUCH:
        return [error(found, CHECKPOINT)]
    return [warning(found, CHECKPOINT) if size > WAL_MUCH else ok(found)]


INSIDE = Check("database file", look_inside, needs=("database_url",), within_s=2 * GIVE_UP_AFTER_S)
WAL = Check("write-ahead log", look_at_wal, needs=("database_url",))
