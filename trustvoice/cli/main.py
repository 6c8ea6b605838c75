"""The command line. Results go to stdout, logs and complaints to stderr; exit 2 means that the settings are wrong."""

import os
import sys
from io import TextIOWrapper

import typer

from trustvoice.cli import serving
from trustvoice.cli.backup import backup_command, restore_command
from trustvoice.cli.books import reconcile, settle_stuck_command, verify
from trustvoice.cli.campaigns import campaign
from trustvoice.cli.check import check_command
from trustvoice.cli.common import give_up
from trustvoice.cli.database import db
from trustvoice.cli.doctor import doctor_command
from trustvoice.cli.keys import api_key
from trustvoice.cli.ngos import ngo
from trustvoice.cli.staff import admin
from trustvoice.cli.trace import trace

OWNER_ONLY = 0o077

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=__doc__)
app.command("run")(serving.run_command)
app.command("demo")(serving.demo_command)
app.command("check")(check_command)
app.command("doctor")(doctor_command)
app.command("verify")(verify)
app.command("reconcile")(reconcile)
app.command("trace")(trace)
app.command("settle-stuck")(settle_stuck_command)
app.command("backup")(backup_command)
app.command("restore")(restore_command)
app.add_typer(campaign, name="campaign")
app.add_typer(ngo, name="ngo")
app.add_typer(admin, name="admin")
app.add_typer(api_key, name="api-key")
app.add_typer(db, name="db")


def main() -> None:
    os.umask(OWNER_ONLY)  # before anything is written: names, numbers and what people wrote are in it
    write_whatever_the_terminal_cannot()
    try:
        app()
    except Exception as error:
        from trustvoice.cli import endings

        if ending := endings.of(error):
            sentences, code = ending
            give_up(*sentences, code=code)
        raise


def write_whatever_the_terminal_cannot() -> None:
    """Names and marks that a terminal without Unicode cannot show are written as \\u2713 there."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
