"""Copies of a database, taken while others write to it, and put back."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from storage.journal import sync_folder
from storage.sqlite import hold

PARTS = ("", "-wal", "-shm")


class BadBackup(Exception):
    """What is wrong with the copy, in a sentence. The database itself is as it was."""


def copy_sqlite(source: Path, target: Path) -> None:
    """VACUUM INTO: one consistent moment, without holding up writers. Raises BadBackup."""
    if not source.exists():
        raise BadBackup(f"there is no database at {source}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source, isolation_level=None)) as database:
        database.execute("PRAGMA wal_autocheckpoint=0")  # only `run` moves the log into the file
        database.execute("VACUUM INTO ?", (str(target),))
    check_sqlite(target)
    target.chmod(0o600)
    sync_file(target)
    sync_folder(target.parent)


def check_sqlite(path: Path) -> None:
    """Raises BadBackup."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            [[said]] = copy.execute("PRAGMA integrity_check(1)").fetchall()
            lost = copy.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadBackup(f"{path} is not a whole SQLite database: {error}") from error
    if said != "ok" or lost:
        raise BadBackup(f"{path} is damaged: {said if said != 'ok' else f'a row of {lost[0]} refers to nothing'}")


@contextmanager
def standstill(path: Path) -> Iterator[None]:
    """Nobody runs on the database. Raises AlreadyRunning."""
    lock = hold(path)
    try:
        yield
    finally:
        lock.close()


def replace_sqlite(path: Path, by: Path, aside: str) -> None:
    """`by` takes the place of the database, whose files stay beside it under names ending in `aside`."""
    for part in PARTS:
        old = Path(f"{path}{part}")
        if old.exists():
            os.link(old, f"{path}.{aside}{part}")
    for part in PARTS[1:]:  # the log of the old one would spoil the new one
        Path(f"{path}{part}").unlink(missing_ok=True)
    by.replace(path)
    sync_folder(path.parent)


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


def restore_postgres(url: str, dump: Path) -> None:
    """All of it or nothing. Raises BadBackup."""
    client(url, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", into=str(dump))


def client(url: str, program: str, *arguments: str, into: str | None = None) -> None:
    """The password goes by the environment: arguments are for everybody to see."""
    parsed = make_url(url)
    host = parsed.host or parsed.query.get("host")
    known = {"host": host, "port": parsed.port, "username": parsed.username, "dbname": parsed.database}
    flags = [f"--{name}={value}" for name, value in known.items() if value]
    run([program, *arguments, *flags, *([into] if into else [])], {"PGPASSWORD": str(parsed.password or "")})


def run(command: list[str], secrets: dict[str, str]) -> None:
    if shutil.which(command[0]) is None:
        raise BadBackup(f"{command[0]} is not installed here: it comes with PostgreSQL's client programs")
    done = subprocess.run(command, env={**os.environ, **secrets}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BadBackup(f"{command[0]} failed: {done.stderr.strip()[-500:]}")
