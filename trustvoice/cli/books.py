"""`trustvoice reconcile`: one day of the books, and M-Pesa's side against them."""

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fundraising.audit.movements import Kind, Line
from fundraising.audit.reconciliation import Report
from letters.books import reconciliation as letters
from letters.books import reconciliation_file
from letters.language import translate
from trustvoice.bootstrap import Program
from trustvoice.cli import output
from trustvoice.cli.common import VIOLATED, Json, in_house, program
from trustvoice.cli.progress import working
from trustvoice.opened import opened
from webhooks.api import rendering, reports


def reconcile(
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="In Nairobi; yesterday if left out.")
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Also write it to this file, for a spreadsheet.")] = None,
    as_json: Json = False,
) -> None:
    """Reconcile a day: exit 0 when it adds up and M-Pesa's side agrees, 1 when not. Nothing is booked."""
    with working("Adding up the day"):
        report = in_house(opened(program(), lambda house: of(house, day.date() if day else None)))
    if csv:
        write(csv, reconciliation_file.file(report))
    if as_json:
        output.as_json(rendering.plain(reports.shown(report)))
    else:
        Console().print(table(report))
        output.lines(["", *told(report)])
    sys.exit(0 if report.adds_up and report.agrees else VIOLATED)


async def of(house: Program, day: date | None) -> Report:
    books = house.use_cases.reconciliation
    return await books.of(day or books.today() - timedelta(days=1))


def write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}", param_hint="--csv") from error


def table(report: Report) -> Table:
    """Only the kinds of movement that there were."""
    moved = [kind for kind in Kind if any(line.move(kind).count for line in report.lines)]
    table = Table("account", "campaign", "opening", *moved, "closing", box=None)
    for column in table.columns[2:]:
        column.justify = "right"
    for line in report.lines:
        sums = [str(line.move(kind).amount) if line.move(kind).count else "" for kind in moved]
        table.add_row(str(line.account), Text(named(report, line)), str(line.opening), *sums, str(line.closing))
    return table


def named(report: Report, line: Line) -> str:
    wrong = "" if line.adds_up else " (does not add up)"
    return f"{report.title(line.account)}{wrong}".strip()


def told(report: Report) -> list[str]:
    """As the owners read it, without the marks for Telegram."""
    return letters.plain(letters.summary(translate(None), report)).splitlines()
