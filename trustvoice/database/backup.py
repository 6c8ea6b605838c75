"""`trustvoice backup` and `trustvoice restore`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine

from fundraising.audit import selfcheck
from fundraising.recovery import restoring
from fundraising.statuses import StopCause
from storage import backup, facts, migrate, open_database
from storage.backup import BadBackup
from storage.database import Database
from storage.inline import InlineDatabase
from storage.journal import sync_folder
from storage.vault import Vault
from trustvoice.bootstrap import Program
from trustvoice.database.secret_key import secret_key
from trustvoice.settings.model import Settings

MOST_TOLD = 5


@dataclass(frozen=True)
class Restored:
    made_again: int  # intents that the journal knew and the backup did not
    doubtful: int  # payouts that may have been sent since, where no journal can tell


@dataclass(frozen=True)
class Taken:
    path: Path
    problems: list[str]  # of the books in it, which are kept all the same: a fault is no reason to have no copy


def take(settings: Settings, folder: Path, now: datetime) -> Taken:
    """The copy, checked. Raises BadBackup; then there is none."""
    path = settings.database_path
    target = folder / f"trustvoice-{now:%Y%m%dT%H%M%SZ}{'.db' if path else '.dump'}"
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        copy(settings, partial)
        problems = problems_in(partial, Vault(secret_key(settings))) if path else []
        partial.replace(target)
        sync_folder(folder)
    except OSError as error:
        raise BadBackup(f"{folder} cannot be written: {error.strerror}") from error
    return Taken(target, problems)


def copy(settings: Settings, partial: Path) -> None:
    """Raises BadBackup, OSError; then there is none."""
    try:
        if settings.database_path:
            backup.copy_sqlite(settings.database_path, partial)
        else:
            backup.dump_postgres(settings.database_url, partial)
    except BadBackup:
        partial.unlink(missing_ok=True)
        raise


def problems_in(copy: Path, vault: Vault) -> list[str]:
    engine = create_engine(f"sqlite:///{copy}", hide_parameters=True)
    try:
        with engine.connect() as conn:
            if migrate.version(conn) != migrate.newest():  # checked when it is restored, and brought up to date
                return []
            return selfcheck.problems(conn, vault)
    finally:
        engine.dispose()


async def put_back(settings: Settings, vault: Vault, copy: Path, now: datetime, despite_problems: bool = False) -> None:
    """The copy becomes the database, in quarantine. Raises BadBackup, AlreadyRunning, WrongKey."""
    if settings.database_path:
        await put_back_sqlite(settings.database_path, vault, copy, now, despite_problems)
    else:
        backup.restore_postgres(settings.database_url, copy, in_quarantine(now))
        await quarantine(open_database(settings.database_url), vault, now)


def in_quarantine(now: datetime) -> Iterator[str]:
    """Who dies between the restore and the rest leaves no database that sends: the next start goes on from here."""
    for name in restoring.MARKS:
        noted = f"INSERT INTO facts (name, value) VALUES ('{name}', '{now.isoformat()}')"  # noqa: S608 a moment
        yield f"{noted} ON CONFLICT (name) DO UPDATE SET value = excluded.value"


async def put_back_sqlite(path: Path, vault: Vault, copy: Path, now: datetime, despite_problems: bool = False) -> None:
    with backup.standstill(path):
        prepared = path.with_name(f"{path.name}.restoring")
        backup.prepare_sqlite(copy, prepared)
        try:
            await quarantine(InlineDatabase(prepared), vault, now)
            if not despite_problems:
                demand_books_that_hold(prepared, vault)
        except Exception:
            prepared.unlink(missing_ok=True)
            raise
        backup.sync_file(prepared)
        backup.replace_sqlite(path, prepared, f"before-{now:%Y%m%dT%H%M%SZ}")


def demand_books_that_hold(prepared: Path, vault: Vault) -> None:
    """Raises BadBackup."""
    if problems := problems_in(prepared, vault):
        raise BadBackup(f"the books in it do not hold: {in_short(problems)}; with --yes it is put in place")


def in_short(problems: list[str]) -> str:
    return "; ".join(problems[:MOST_TOLD])


async def quarantine(database: Database, vault: Vault, now: datetime) -> None:
    """Before anybody can start on it. Raises WrongKey; on PostgreSQL it is in quarantine then, too."""
    try:
        await database.migrate(vault)
        await database.write(lambda conn: restoring.begin(conn, StopCause.RESTORED, now))
        await database.write(lambda conn: facts.check_key(conn, vault))
    finally:
        await database.close()


async def catch_up(house: Program, now: datetime) -> Restored:
    """What the journal knows is made again. Harmless to repeat."""
    await house.database.write(lambda conn: restoring.begin(conn, StopCause.RESTORED, now))
    doubtful = await house.use_cases.recovery.after_restore()
    return Restored(await house.use_cases.recovery.at_start(), doubtful)
