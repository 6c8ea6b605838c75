"""`trustvoice backup` and `trustvoice restore`, on the command line."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from trustvoice.cli import output
from trustvoice.cli.common import VIOLATED, done, give_up, in_house, settings_or_advice
from trustvoice.cli.progress import working

QUARANTINE = (
    "Payouts are frozen until two owners unfreeze them (/unfreeze in the bot). Callbacks are taken and donations go "
    "on. Start TrustVoice now: it asks M-Pesa about everything that is not known here."
)


def backup_command(
    to: Annotated[Path, typer.Option(help="The folder; keep it on another machine.")] = Path("backups"),
) -> None:
    """Copy the database while it is in use, check the copy, and print its path. SECRET_KEY is not in it."""
    from storage.backup import BadBackup
    from trustvoice.database import backup

    settings = settings_or_advice()
    try:
        with working("Copying the database, and checking the copy"):
            taken = backup.take(settings, to, datetime.now(UTC))
    except BadBackup as bad:
        give_up(f"No backup was made: {bad}.", code=VIOLATED)
    output.lines([str(taken.path)])
    if taken.problems:
        give_up(f"It is whole, but the books in it do not hold: {backup.in_short(taken.problems)}.", code=VIOLATED)


def restore_command(
    copy: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What `trustvoice backup` made.")],
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Replace what PostgreSQL holds now; on SQLite: though the books in it do not hold."),
    ] = False,
) -> None:
    """Put a backup in the place of the database, with payouts frozen. Stop TrustVoice first."""
    from storage.backup import BadBackup
    from storage.vault import Vault
    from trustvoice.database import backup
    from trustvoice.database.secret_key import secret_key

    settings = settings_or_advice()
    if not (settings.is_sqlite or yes):
        give_up("This replaces what the PostgreSQL database holds. Stop every replica, then add --yes.", code=VIOLATED)
    now = datetime.now(UTC)
    try:
        with working("Checking the backup, and putting it in place"):
            done(backup.put_back(settings, Vault(secret_key(settings)), copy, now, despite_problems=yes))
    except BadBackup as bad:
        give_up(f"Nothing was restored: {bad}.", code=VIOLATED)
    with working("Making again what the journal knows"):
        restored = in_house(lambda house: backup.catch_up(house, now))
    output.lines([f"{copy} is the database now. {restored.made_again} intents were made again from the journal."])
    if restored.doubtful:
        output.lines([f"No journal: {restored.doubtful} payouts of the backup may have been sent or retried since."])
    output.lines([QUARANTINE])
