"""`trustvoice db`."""

from typing import TYPE_CHECKING

import typer

from trustvoice.cli import output
from trustvoice.cli.common import in_house

if TYPE_CHECKING:
    from trustvoice.bootstrap import Program

db = typer.Typer(no_args_is_help=True, help="The database.")


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the tables to this version. `run` does it too; here it can be done before."""
    in_house(nothing)
    output.lines(["The tables are up to date."])


async def nothing(_house: "Program") -> None:
    """Opening the database upgrades it."""
