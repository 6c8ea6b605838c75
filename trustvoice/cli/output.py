"""What the command line prints."""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from fundraising.ledger.progress import Progress

ENCODER = msgspec.json.Encoder(decimal_format="number")  # exact: no float in between


def as_json(value: Any) -> None:
    sys.stdout.write(ENCODER.encode(value).decode() + "\n")


def listed(found: Sequence[dict[str, Any]], table: Callable[[Sequence[dict[str, Any]]], Table], in_json: bool) -> None:
    if in_json:
        as_json(found)
    else:
        Console().print(table(found))


def lines(texts: Iterable[str]) -> None:
    for text in texts:
        sys.stdout.write(text + "\n")


def campaign(progress: Progress) -> dict[str, Any]:
    """Amounts are major units, integers when whole."""
    return {
        "id": progress.campaign.id,
        "title": progress.campaign.title,
        "slug": progress.campaign.slug,
        "status": "open" if progress.campaign.is_open else "closed",
        "goal": progress.campaign.goal.major,
        "currency": progress.campaign.goal.currency,
        "raised_amounts": {currency: money.major for currency, money in progress.raised_amounts.items()},
    }


def campaign_table(found: Iterable[Progress]) -> None:
    table = Table("id", "title", "slug", "status", "raised", "goal", box=None)
    for progress in found:
        raised = ", ".join(map(str, progress.raised_amounts.values())) or "0"
        shown = campaign(progress)
        table.add_row(
            str(shown["id"]), shown["title"], shown["slug"], shown["status"], raised, str(progress.campaign.goal)
        )
    Console().print(table)
