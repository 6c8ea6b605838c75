"""What the command line prints."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.table import Table

WIDE_ENOUGH = 1000  # for who reads it from a file or a pipe


def as_json(value: Any) -> None:
    """Exact: no float in between."""
    import msgspec

    text = msgspec.json.Encoder(decimal_format="number").encode(value).decode()
    sys.stdout.write((text if can_write(sys.stdout, text) else escaped(text)) + "\n")


def can_write(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def escaped(text: str) -> str:
    """What is beyond ASCII stands in strings only."""
    return "".join(each if each.isascii() else json.dumps(each)[1:-1] for each in text)


def listed(found: Sequence[dict[str, Any]], head: Sequence[str], rows: Iterable[Sequence[str]], in_json: bool) -> None:
    if in_json:
        as_json(found)
    else:
        show(table(head, rows))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], amounts_from: int | None = None) -> "Table":
    """What does not fit goes on in the next line: half an id, slug or name is of no use to anybody."""
    from rich.table import Column, Table
    from rich.text import Text

    right = len(head) if amounts_from is None else amounts_from
    columns = [Column(name, overflow="fold", justify="right" if n >= right else "left") for n, name in enumerate(head)]
    made = Table(*columns, box=None)
    for row in rows:
        made.add_row(*map(Text, row))
    return made


def show(table: "Table") -> None:
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else WIDE_ENOUGH).print(table)


def lines(texts: Iterable[str], to: TextIO | None = None) -> None:
    for text in texts:
        (to or sys.stdout).write(text + "\n")
