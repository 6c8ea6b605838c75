"""`trustvoice verify`, `reconcile` and `settle-stuck`: do the books hold, and does M-Pesa's side agree with them?"""

import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trustvoice.cli import output
from trustvoice.cli.common import VIOLATED, Json, in_house
from trustvoice.cli.progress import working

if TYPE_CHECKING:
    from rich.table import Table

    from fundraising.audit.movements import Line
    from fundraising.audit.reconciliation import Report
    from trustvoice.bootstrap import Program

NOT_COMPARED = 3
NOTHING_TO_COMPARE = (
    "Nothing was compared: M-Pesa's balance at the end of {day} is not known here. What follows is our side alone."
)


def verify(as_json: Json = False) -> None:
    """Check the books: exit 0 when they hold, 1 when they do not."""
    with working("Checking the books"):
        problems = in_house(lambda house: house.use_cases.self_check.problems())
    if as_json:
        output.as_json({"ok": not problems, "problems": problems})
    else:
        output.lines(problems or ["The books hold."])
    sys.exit(VIOLATED if problems else 0)


def settle_stuck_command() -> None:
    """Weigh again what could not be settled, once the fault in TrustVoice is mended. Harmless at any other time."""
    settled, stuck = in_house(settle_stuck)
    output.lines([f"{settled} settled, {stuck} stuck still."])
    sys.exit(VIOLATED if stuck else 0)


async def settle_stuck(house: "Program") -> tuple[int, int]:
    return await house.use_cases.intake.settle_stuck()


def reconcile(
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="In Nairobi; yesterday if left out.")
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Also write it to this file, for a spreadsheet.")] = None,
    as_json: Json = False,
) -> None:
    """Reconcile a day: exit 0 when it adds up and M-Pesa's side agrees, 1 when not, 3 when M-Pesa's side is not known.

    Nothing is booked.
    """
    from letters.books import reconciliation_file
    from webhooks.api import rendering, reports

    with working("Adding up the day"):
        report = in_house(lambda house: of(house, day.date() if day else None))
    if csv:
        write(csv, reconciliation_file.file(report))
    if as_json:
        output.as_json(rendering.plain(reports.shown(report)))
    else:
        if report.agrees is None:
            output.lines([NOTHING_TO_COMPARE.format(day=report.day), ""])
        output.show(table(report))
        output.lines(["", *told(report)])
    sys.exit(code_of(report))


def code_of(report: "Report") -> int:
    if not report.adds_up or report.agrees is False:
        return VIOLATED
    return NOT_COMPARED if report.agrees is None else 0


async def of(house: "Program", day: date | None) -> "Report":
    books = house.use_cases.reconciliation
    return await books.of(day or books.today() - timedelta(days=1))


def write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}", param_hint="--csv") from error


def table(report: "Report") -> "Table":
    """Only the kinds of movement that there were."""
    from fundraising.audit.movements import Kind

    moved = [kind for kind in Kind if any(line.move(kind).count for line in report.lines)]
    rows: list[Sequence[str]] = []
    for line in report.lines:
        sums = [str(line.move(kind).amount) if line.move(kind).count else "" for kind in moved]
        rows.append((str(line.account), named(report, line), str(line.opening), *sums, str(line.closing)))
    return output.table(("account", "campaign", "opening", *moved, "closing"), rows, amounts_from=2)


def named(report: "Report", line: "Line") -> str:
    wrong = "" if line.adds_up else " (does not add up)"
    return f"{report.title(line.account)}{wrong}".strip()


def told(report: "Report") -> list[str]:
    """As the owners read it, without the marks for Telegram."""
    from letters.books import reconciliation as letters
    from letters.language import translate

    return letters.plain(letters.summary(translate(None), report)).splitlines()
