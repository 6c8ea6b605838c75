"""SQLite's file and the key beside it, looked at without being touched."""

import errno
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest

from storage import facts
from storage.vault import Vault
from tests.databases import opened
from tests.trustvoice.doctor.patients import patient, statuses, told
from tests.trustvoice.env_file import KEY, OTHER_KEY
from trustvoice.doctor import disk, engine, file, folders, journal, key, tables
from trustvoice.doctor.examine import examine, readable
from trustvoice.doctor.patient import Check, Database, Patient
from trustvoice.doctor.reading import SqliteReader
from trustvoice.watching import space


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A database that this version made, sealed with KEY, and closed."""
    async with opened("sqlite", tmp_path) as database:
        await database.write(lambda conn: facts.check_key(conn, Vault(KEY)))
    return tmp_path / "test.db"


def looked_at(http: httpx.AsyncClient, path: Path, how_far: Database = Database.HAS_OUR_TABLES, **more: str) -> Patient:
    found = patient(http, SqliteReader(path), **{"DATABASE_URL": f"sqlite+aiosqlite:///{path}", **more})
    return Patient(found.settings, found.database, found.http, found.now, how_far)


def put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


async def test_a_file_in_order_is_read_and_left_alone(http: httpx.AsyncClient, path: Path) -> None:
    before = path.read_bytes()
    found = looked_at(http, path)
    for look in (engine.look_at_version, engine.look_at_durability, tables.look, file.look_inside, file.look_at_wal):
        assert statuses(await look(found)) == ["ok"]
    assert await readable(found) is Database.HAS_OUR_TABLES
    with pytest.raises(Exception, match="readonly database"):
        await found.database.read(lambda conn: conn.exec_driver_sql("DELETE FROM facts"))
    assert path.read_bytes() == before


async def test_a_file_that_is_not_there_is_not_made(http: httpx.AsyncClient, tmp_path: Path) -> None:
    path = tmp_path / "data" / "trustvoice.db"
    found = looked_at(http, path, Database.NOT)
    assert "the first `trustvoice run` makes" in told(await engine.look_at_version(found), "ok")
    assert "the first `trustvoice run` makes" in told(await key.look(found), "ok")
    assert await file.look_inside(found) == await file.look_at_wal(found) == []
    assert statuses(await disk.look_at_room(found)) == statuses(await disk.look_at_spool(found)) == ["ok"]
    assert await readable(found) is Database.NOT
    assert not path.parent.exists()


async def test_what_is_no_database_is_an_error(http: httpx.AsyncClient, tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    put(path, b"these are not the bytes of a database" * 100)
    found = looked_at(http, path)
    assert "file is not a database" in told(await engine.look_at_version(found), "error")
    assert "file is not a database" in told(await file.look_inside(found), "error")
    assert await readable(found) is Database.NOT


async def test_a_damaged_file_is_an_error(http: httpx.AsyncClient, path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 6] = b"\xff" * 4096 * 4
    put(path, bytes(content))
    assert statuses(await file.look_inside(looked_at(http, path))) == ["error"]


async def test_a_file_in_another_journal_mode_stays_in_it(http: httpx.AsyncClient, path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA journal_mode=delete")
    assert "journal_mode is delete" in told(await engine.look_at_durability(looked_at(http, path)), "warning")
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA journal_mode").fetchone() == ("delete",)


@pytest.mark.parametrize(
    ("version", "status", "says"),
    [("0001", "error", "of version 0001"), ("9999", "error", "does not know"), (None, "warning", "has none yet")],
)
async def test_tables_of_another_version_are_told_and_not_read(
    http: httpx.AsyncClient, path: Path, version: str | None, status: str, says: str
) -> None:
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute(
            "UPDATE alembic_version SET version_num = ?" if version else "DELETE FROM alembic_version",
            [version] if version else [],
        )
    found = looked_at(http, path, Database.CONNECTS)
    assert says in told(await tables.look(found), status)
    assert await readable(found) is Database.CONNECTS

    async def look(_patient: Patient) -> list[Any]:
        raise AssertionError("the tables are of another version")

    assert await examine(found, [Check("rows", look, reads=Database.HAS_OUR_TABLES)], frozenset()) == []


@pytest.mark.parametrize(("mib", "status"), [(1, "ok"), (200, "warning"), (2000, "error")])
async def test_a_log_that_nobody_folds_in_is_told(
    http: httpx.AsyncClient, path: Path, mib: int, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = path.with_name("test.db-wal")
    with log.open("wb") as hole:
        hole.truncate(mib * file.MIB)
    assert f"{mib}.0 MiB" in told(await file.look_at_wal(looked_at(http, path)), status)


@pytest.mark.parametrize(("free_mib", "status"), [(5000, "ok"), (500, "warning"), (150, "error")])
async def test_a_full_disk_is_told(
    http: httpx.AsyncClient, path: Path, free_mib: int, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(space, "free_bytes", lambda folder: (free_mib if folder.name == "spool" else 9000) * disk.MIB)
    found = told(await disk.look_at_room(looked_at(http, path)), status)
    assert found.startswith(f"{free_mib:,} MiB free at {path.parent / 'spool'}")


async def test_callbacks_that_wait_beside_the_database_are_told(http: httpx.AsyncClient, path: Path) -> None:
    late = patient(http, now=datetime.now(UTC) + timedelta(hours=1), DATABASE_URL=f"sqlite+aiosqlite:///{path}")
    assert statuses(await disk.look_at_spool(late)) == ["ok"]
    (path.parent / "spool" / "aside").mkdir(parents=True)
    put(path.parent / "spool" / "1.spool", b"records")
    put(path.parent / "spool" / "2.spool", b"")
    assert told(await disk.look_at_spool(late), "warning").startswith("1 files")
    put(path.parent / "spool" / "aside" / "3.spool", b"records")
    assert "could not be stored" in told(await disk.look_at_spool(late), "error")


async def test_the_key_must_be_this_databases(http: httpx.AsyncClient, path: Path) -> None:
    assert "opens this database" in told(await key.look(looked_at(http, path, SECRET_KEY=KEY)), "ok")
    assert "not the one" in told(await key.look(looked_at(http, path, SECRET_KEY=OTHER_KEY)), "error")
    assert "is gone" in told(await key.look(looked_at(http, path)), "error")
    assert not path.with_name("secret.key").exists()


@pytest.mark.parametrize(("mode", "status"), [(0o600, "ok"), (0o644, "error")])
async def test_the_keys_file_must_be_private(http: httpx.AsyncClient, path: Path, mode: int, status: str) -> None:
    put(path.with_name("secret.key"), KEY.encode())
    path.with_name("secret.key").chmod(mode)
    [finding] = await key.look(looked_at(http, path))
    assert finding.status == status
    assert ("chmod 600" in finding.remedy) is (status == "error")


@pytest.mark.parametrize(("mode", "expected"), [(0o600, []), (0o640, ["error"])])
async def test_the_env_file_must_be_private(http: httpx.AsyncClient, mode: int, expected: list[str]) -> None:
    found = patient(http)
    Path(".env").chmod(mode)
    assert statuses(await key.look_at_env_file(found)) == expected


async def test_a_journal_that_cannot_be_written_is_an_error(http: httpx.AsyncClient, path: Path) -> None:
    assert statuses(await journal.look(looked_at(http, path))) == ["ok"]
    (path.parent / "journal").write_text("a file where the folder should be")
    told(await journal.look(looked_at(http, path)), "error")


async def test_folders_are_tried_and_left_as_they_were(http: httpx.AsyncClient, path: Path) -> None:
    before = sorted(path.parent.iterdir())
    more = {"SPOOL_DIR": str(path.parent / "taken" / "spool"), "LOG_FILE": str(path.parent / "taken" / "t.log")}
    assert told(await folders.look(looked_at(http, path)), "ok") == "can be written"
    assert sorted(set(path.parent.iterdir()) - {Path.cwd() / ".env"}) == before
    (path.parent / "taken").write_text("a file where the folder should be")
    spool, log = await folders.look(looked_at(http, path, Database.HAS_OUR_TABLES, **more))
    assert "taken/spool cannot be written: Not a directory" in told([spool], "error")
    assert "taken cannot be written" in told([log], "error")
    assert "does not start" in log.remedy


async def test_a_disk_for_reading_only_is_told_of_everything_that_is_written_to_it(
    http: httpx.AsyncClient, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    assert "Read-only file system" in told(await journal.look(looked_at(http, path)), "error")
    data, _spool = await folders.look(looked_at(http, path))
    assert told([data], "error") == f"{path.parent} cannot be written: Read-only file system"


async def test_in_production_a_journal_on_the_databases_disk_is_a_warning(http: httpx.AsyncClient, path: Path) -> None:
    production = {"MPESA_ENVIRONMENT": "production", "MPESA_SHORTCODE": "600999", "MPESA_PASSKEY": "k" * 64}
    told(await journal.look(looked_at(http, path, Database.HAS_OUR_TABLES, **production)), "warning")
