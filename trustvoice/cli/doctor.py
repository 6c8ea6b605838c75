"""`trustvoice doctor`: is everything set up, is everything well, and what is to be done where it is not."""

import asyncio
import logging
import sys
from collections.abc import Iterable

from trustvoice.cli import output
from trustvoice.cli.common import VIOLATED, Json
from trustvoice.cli.progress import working
from trustvoice.doctor.lines import Line, Status

MARKS = {Status.OK: ("✓", "green"), Status.WARNING: ("!", "yellow"), Status.ERROR: ("✗", "red")}


def doctor_command(as_json: Json = False) -> None:
    """Look at everything that has to be right, and change nothing: exit 1 when something is wrong."""
    import msgspec

    from trustvoice.doctor.visit import visit
    from trustvoice.watching import logs

    logs.configure("console")
    logging.getLogger().setLevel(logging.CRITICAL)  # what goes wrong becomes a line
    with working("Looking at settings, database, M-Pesa and Telegram"):
        lines = asyncio.run(visit())
    if as_json:
        output.as_json([msgspec.to_builtins(line) for line in lines])
    else:
        show(lines)
    sys.exit(VIOLATED if any(line.status is Status.ERROR for line in lines) else 0)


def show(lines: Iterable[Line]) -> None:
    from rich.console import Console
    from rich.text import Text

    found = list(lines)
    width, console = max(len(line.name) for line in found), Console()
    for line in found:
        mark, colour = MARKS[line.status]
        text = Text.assemble((f"{mark} ", colour), f"{line.name:{width}}  {line.found}")
        if line.remedy:
            text.append(f"\n{'':{width + 4}}→ {line.remedy}", "bold")
        console.print(text, soft_wrap=True)
    console.print(summary(found))


def summary(found: list[Line]) -> str:
    errors, warnings = (sum(line.status is status for line in found) for status in (Status.ERROR, Status.WARNING))
    if not errors and not warnings:
        return "All is well."
    return f"{errors} to be put right, {warnings} to look at."
