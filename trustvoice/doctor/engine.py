"""Which database it is, and whether it keeps what it was told."""

import sqlite3

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.pragmas import SAFE
from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import Check, Database, Patient

MENDED = (3, 51, 3)
KNOWN_RACE = (
    "before 3.51.3 two connections that write and checkpoint at once can damage the file; TrustVoice lets one only"
)
POSTGRES_AT_LEAST = 140_000  # older ones get no corrections any more
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
STRICTER = {"remote_apply", "remote_write"}
USABLE = "Check DATABASE_URL, whether the database runs, and whether this user may read it."
SETS_IT = "`trustvoice run` sets it when it starts."
OTHER_DISK = "Move the file to a local disk (not a network share) that supports SQLite's WAL."


async def look_at_version(patient: Patient) -> list[Finding]:
    path = patient.settings.database_path
    if path and not path.exists():
        return [ok(f"none yet: the first `trustvoice run` makes {path}")]
    try:
        return await patient.database.read(sqlite_version if path else postgres_version)
    except (DBAPIError, sqlite3.Error, OSError) as failed:
        why = failed.orig if isinstance(failed, DBAPIError) else failed
        return [error(f"cannot be read: {why}", USABLE)]


def sqlite_version(conn: Connection) -> list[Finding]:
    conn.exec_driver_sql("SELECT 1 FROM sqlite_schema").first()
    note = f" ({KNOWN_RACE})" if sqlite3.sqlite_version_info < MENDED else ""
    return [ok(f"SQLite {sqlite3.sqlite_version}{note}")]


async def look_at_durability(patient: Patient) -> list[Finding]:
    return await patient.database.read(sqlite_pragmas if patient.settings.is_sqlite else postgres_durability)


def sqlite_pragmas(conn: Connection) -> list[Finding]:
    """Read back on a connection that was opened as TrustVoice's readers are."""
    found = {name: conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in SAFE}
    shown = ", ".join(f"{name}={value}" for name, value in found.items())
    if found["journal_mode"] != SAFE["journal_mode"]:
        return [warning(f"journal_mode is {found['journal_mode']}, not wal", SETS_IT)]
    if found != SAFE:
        return [error(f"not as TrustVoice needs them: {shown}", OTHER_DISK)]
    return [ok(shown)]


def postgres_version(conn: Connection) -> list[Finding]:
    version = conn.scalar(text("SHOW server_version"))
    if int(conn.scalar(text("SHOW server_version_num")) or 0) < POSTGRES_AT_LEAST:
        return [warning(f"PostgreSQL {version}, which gets no corrections any more", "Upgrade to a supported version.")]
    return [ok(f"PostgreSQL {version}")]


def postgres_durability(conn: Connection) -> list[Finding]:
    found = {name: conn.scalar(text(f"SHOW {name}")) for name in DURABLE}
    shown = ", ".join(f"{name}={value}" for name, value in found.items())
    lax = [name for name, value in found.items() if value != DURABLE[name] and value not in STRICTER]
    if lax:
        return [error(f"an answered callback can be lost: {shown}", f"Set {', '.join(lax)} to on in postgresql.conf.")]
    return [ok(shown)]


VERSION = Check("database", look_at_version, needs=("database_url",))
DURABILITY = Check("durability", look_at_durability, needs=("database_url",), reads=Database.CONNECTS)
