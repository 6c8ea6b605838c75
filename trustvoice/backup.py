"""`trustvoice backup` and `trustvoice restore`."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine

from fundraising.books import selfcheck
from fundraising.recovery import restoring
from storage import backup, facts, open_database
from storage.backup import BadBackup
from storage.database import Database
from storage.inline import InlineDatabase
from storage.journal import sync_folder
from storage.vault import Vault
from trustvoice.bootstrap import Program
from trustvoice.settings import Settings


@dataclass(frozen=True)
class Restored:
    made_again: int  # intents that the journal knew and the backup did not
    doubtful: int  # payouts that may have been sent since, where no journal can tell


def take(settings: Settings, folder: Path, now: datetime) -> Path:
    """The copy, checked. Raises BadBackup; then there is none."""
    path = settings.database_path
    target = folder / f"trustvoice-{now:%Y%m%dT%H%M%SZ}{'.db' if path else '.dump'}"
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        if path:
            backup.copy_sqlite(path, partial)
            check_books(partial)
        else:
            backup.dump_postgres(settings.database_url, partial)
    except BadBackup:
        partial.unlink(missing_ok=True)
        raise
    partial.replace(target)
    sync_folder(folder)
    return target


def check_books(copy: Path) -> None:
    """Raises BadBackup."""
    engine = create_engine(f"sqlite:///{copy}", hide_parameters=True)
    try:
        with engine.connect() as conn:
            problems = selfcheck.problems(conn)
    finally:
        engine.dispose()
    if problems:
        raise BadBackup(f"the books in it do not hold: {'; '.join(problems[:5])}")


async def put_back(settings: Settings, vault: Vault, copy: Path, now: datetime) -> None:
    """The copy becomes the database, in quarantine. Raises BadBackup, AlreadyRunning, WrongKey."""
    if settings.database_path:
        await put_back_sqlite(settings.database_path, vault, copy, now)
    else:
        backup.restore_postgres(settings.database_url, copy)
        await quarantine(open_database(settings.database_url), vault, now)


async def put_back_sqlite(path: Path, vault: Vault, copy: Path, now: datetime) -> None:
    with backup.standstill(path):
        prepared = path.with_name(f"{path.name}.restoring")
        backup.prepare_sqlite(copy, prepared)
        try:
            await quarantine(InlineDatabase(prepared), vault, now)
            check_books(prepared)
        except Exception:
            prepared.unlink(missing_ok=True)
            raise
        backup.sync_file(prepared)
        backup.replace_sqlite(path, prepared, f"before-{now:%Y%m%dT%H%M%SZ}")


async def quarantine(database: Database, vault: Vault, now: datetime) -> None:
    """Before anybody can start on it. Raises WrongKey; on PostgreSQL it is in quarantine then, too."""
    try:
        await database.migrate()
        await database.write(lambda conn: restoring.begin(conn, restoring.RESTORED, now))
        await database.write(lambda conn: facts.check_key(conn, vault))
    finally:
        await database.close()


async def catch_up(house: Program, now: datetime) -> Restored:
    """What the journal knows is made again. Harmless to repeat."""
    await house.database.write(lambda conn: restoring.begin(conn, restoring.RESTORED, now))
    doubtful = await house.use_cases.recovery.after_restore()
    return Restored(await house.use_cases.recovery.at_start(), doubtful)
