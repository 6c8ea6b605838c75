"""Something moves on the terminal while something takes long. Nothing is printed where nobody watches."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Tell = Callable[[str], None]


@contextmanager
def working(on: str) -> Iterator[Tell]:
    """A spinner on stderr, when that is a terminal, gone at the end; call what it yields to say what comes next."""
    terminal = sys.stderr
    if not terminal.isatty():
        yield lambda _on: None
        return
    from rich.console import Console
    from rich.live import Live
    from rich.markup import escape
    from rich.spinner import Spinner

    spinner = Spinner("dots", escape(on))
    both = sys.stdout.isatty()  # what goes into a file or a pipe must not be led to the terminal
    with Live(spinner, console=Console(file=terminal), transient=True, redirect_stdout=both):
        above = sys.stderr  # Live's: it prints lines above the spinner instead of into it
        lead_logs(terminal, above)
        try:
            yield lambda now_on: spinner.update(text=escape(now_on))
        finally:
            lead_logs(above, terminal)


def lead_logs(before: TextIO, now: TextIO) -> None:
    """Loggers keep the stream that was stderr when they were set up."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is before:
            handler.setStream(now)
