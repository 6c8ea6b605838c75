"""What the commands share: how they start on the settings in force, and how they end.

A command imports what it needs when it runs: all of the house takes over a second, which --help and a slip of the pen
need not wait for.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from trustvoice.bootstrap import Program
    from trustvoice.settings.model import Settings

T = TypeVar("T")
VIOLATED, WRONG_SETTINGS = 1, 2
NOTHING_SET = """Nothing is configured yet.
To try TrustVoice without Telegram and M-Pesa:  make demo
To run it in earnest:  install -m 600 .env.example .env, fill it in, make run"""
ENV_FILE = Path(".env")

Json = Annotated[bool, typer.Option("--json", help="For programs.")]


def one_of(load: Callable[[], type[StrEnum]]) -> Callable[[str], StrEnum]:
    """Parses a choice among words that are read when they are needed."""

    def parsed(word: str) -> StrEnum:
        try:
            return load()(word)
        except ValueError:
            raise typer.BadParameter(f"{word} is not one of {', '.join(load())}") from None

    return parsed


def give_up(*sentences: str, code: int = WRONG_SETTINGS) -> NoReturn:
    for sentence in sentences:
        print(sentence, file=sys.stderr)  # noqa: T201 for the person at the terminal
    sys.exit(code)


def program() -> "Program":
    from trustvoice.bootstrap import bootstrap
    from trustvoice.database.secret_key import secret_key
    from trustvoice.running.tunnel import NoTunnel, through_tunnel

    settings, tunnel = settings_or_advice(), None
    with suppress(NoTunnel):  # most commands need none; `check` says that it does
        settings, tunnel = through_tunnel(settings)
    return bootstrap(settings, secret_key(settings), tunnel=tunnel)


def settings_or_advice() -> "Settings":
    from storage.private import read_by_others
    from trustvoice.settings.loading import SettingsError, load, nothing_set

    if nothing_set(os.environ):
        give_up(NOTHING_SET)
    loose = [f"{ENV_FILE} holds secrets, and others can read it. Run: chmod 600 {ENV_FILE}"]
    complaints = loose if read_by_others(ENV_FILE) else []
    try:
        settings = load(ENV_FILE)
    except SettingsError as wrong:
        raise SettingsError([*complaints, *wrong.sentences]) from None
    if complaints:
        raise SettingsError(complaints)
    return settings


def in_house(work: Callable[["Program"], Awaitable[T]]) -> T:
    """With the database open and nothing else running. Raises what the work raises, WrongKey, NoDatabase."""
    from trustvoice.database.opening import with_storage

    return done(with_storage(program(), work))


def done(work: Coroutine[Any, Any, T]) -> T:
    from trustvoice.watching import logs

    logs.configure("console")
    return asyncio.run(work)
