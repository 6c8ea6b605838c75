"""Copies of a database, taken while others write to it, and put back."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from storage.journal import sync_folder
from storage.postgres_address import for_client_programs
from storage.sqlite import hold

LET_READERS_END_S = 5.0
PARTS = ("", "-wal", "-shm")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


class BadBackup(Exception):
    """What is wrong with the copy, in a sentence. The database itself is as it was."""


def copy_sqlite(source: Path, target: Path) -> None:
    """VACUUM INTO: one consistent moment, without holding up writers. Raises BadBackup."""
    if not source.exists():
        raise BadBackup(f"there is no database at {source}")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(source, isolation_level=None)) as database:
            database.execute("PRAGMA wal_autocheckpoint=0")  # only `run` moves the log into the file
            database.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.DatabaseError as error:
        raise BadBackup(f"{source} could not be copied to {target.parent}: {error}") from error
    check_sqlite(target)
    target.chmod(0o600)
    sync_file(target)
    sync_folder(target.parent)


def prepare_sqlite(copy: Path, prepared: Path) -> None:
    """A copy of the copy, with what lies in the log beside it. Raises BadBackup."""
    check_sqlite(copy)
    for part in PARTS:  # left by a restore that died: its log would spoil this one
        Path(f"{prepared}{part}").unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(read_only(copy), uri=True, isolation_level=None)) as database:
            database.execute("VACUUM INTO ?", (str(prepared),))
    except sqlite3.DatabaseError as error:
        raise BadBackup(f"{copy} could not be copied: {error}") from error
    prepared.chmod(0o600)


def check_sqlite(path: Path) -> None:
    """Raises BadBackup."""
    try:
        with closing(sqlite3.connect(read_only(path), uri=True)) as copy:
            [[said]] = copy.execute("PRAGMA integrity_check(1)").fetchall()
            lost = copy.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadBackup(f"{path} is not a whole SQLite database: {error}") from error
    if said != "ok" or lost:
        raise BadBackup(f"{path} is damaged: {said if said != 'ok' else f'a row of {lost[0]} refers to nothing'}")


def read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


@contextmanager
def standstill(path: Path) -> Iterator[None]:
    """Nobody runs on the database. Raises AlreadyRunning, BadBackup."""
    try:
        lock = hold(path)
    except OSError as error:
        raise BadBackup(f"{path.parent} cannot be written: {error.strerror}") from error
    try:
        yield
    finally:
        lock.close()


def replace_sqlite(path: Path, by: Path, aside: str) -> None:
    """`by` takes the place of the database, whose files stay beside it under names ending in `aside`.

    Raises BadBackup.
    """
    fold_log(by)  # what is only in its log would stay behind
    fold_log(path)  # who dies from here on leaves the old one or the new one, each of them whole
    for part in PARTS:
        old = Path(f"{path}{part}")
        if old.exists():
            os.link(old, f"{path}.{aside}{part}")
    for part in PARTS[1:]:  # the log of the old one would spoil the new one
        Path(f"{path}{part}").unlink(missing_ok=True)
    by.replace(path)
    sync_folder(path.parent)


def fold_log(path: Path) -> None:
    """Into the database. One that is too damaged for it stays as it is. Raises BadBackup."""
    is_read = 0
    if path.exists():
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path, LET_READERS_END_S)) as database:
            [[is_read, *_]] = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    if is_read:
        raise BadBackup(f"another program still reads {path}: end it first")


def sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def dump_postgres(url: str, target: Path) -> None:
    """Raises BadBackup."""
    target.parent.mkdir(parents=True, exist_ok=True)
    client(url, "pg_dump", "--format=custom", f"--file={target}")
    run(["pg_restore", "--list", str(target)], {})
    target.chmod(0o600)
    sync_file(target)


def restore_postgres(url: str, dump: Path, and_then: Iterable[str]) -> None:
    """All of it, with these statements, or nothing.

    Raises BadBackup, also for a backup from before an update that added tables: those would stay, and the next update
    would fail over them.
    """
    held = client(url, "psql", "--no-psqlrc", "--tuples-only", "--no-align", f"--command={TABLES}").split()
    listed = run(["pg_restore", "--list", str(dump)], {})
    if newer := set(held) - set(re.findall(r" TABLE \S+ (\S+) \S+$", listed, re.MULTILINE)):
        raise BadBackup(f"it does not know {', '.join(sorted(newer))}: restore it into a new, empty database")
    with TemporaryDirectory() as folder:
        script = f"{folder}/restore.sql"
        run(["pg_restore", "--clean", "--if-exists", "--no-owner", f"--file={script}", str(dump)], {})
        commands = [f"--command={each}" for each in ("RESET search_path", *and_then)]
        options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction")
        client(url, "psql", *options, f"--file={script}", *commands)


def client(url: str, program: str, *arguments: str) -> str:
    """What it printed."""
    parsed = make_url(url)
    host = parsed.host or parsed.query.get("host")
    known = {"host": host, "port": parsed.port, "username": parsed.username, "dbname": parsed.database}
    flags = [f"--{name}={value}" for name, value in known.items() if value]
    return run([program, *arguments, *flags], for_client_programs(url))


def run(command: list[str], secrets: dict[str, str]) -> str:
    if shutil.which(command[0]) is None:
        raise BadBackup(f"{command[0]} is not installed here: it comes with PostgreSQL's client programs")
    done = subprocess.run(command, env={**os.environ, **secrets}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BadBackup(f"{command[0]} failed: {done.stderr.strip()[-500:]}")
    return done.stdout
