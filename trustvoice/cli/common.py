"""What the commands share: how they start on the settings in force, and how they end."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from storage.private import read_by_others
from trustvoice import logs
from trustvoice.bootstrap import Program, bootstrap
from trustvoice.secret_key import secret_key
from trustvoice.settings import Settings, SettingsError, load, nothing_set
from trustvoice.tunnel import NoTunnel, through_tunnel

T = TypeVar("T")
VIOLATED, WRONG_SETTINGS = 1, 2
NOTHING_SET = """Nothing is configured yet.
To try TrustVoice without Telegram and M-Pesa:  make demo
To run it in earnest:  install -m 600 .env.example .env, fill it in, make run"""
ENV_FILE = Path(".env")

Json = Annotated[bool, typer.Option("--json", help="For programs.")]


def give_up(*sentences: str, code: int = WRONG_SETTINGS) -> NoReturn:
    for sentence in sentences:
        print(sentence, file=sys.stderr)  # noqa: T201 for the person at the terminal
    sys.exit(code)


def program() -> Program:
    settings, tunnel = settings_or_advice(), None
    with suppress(NoTunnel):  # most commands need none; `check` says that it does
        settings, tunnel = through_tunnel(settings)
    return bootstrap(settings, secret_key(settings), tunnel=tunnel)


def settings_or_advice() -> Settings:
    if nothing_set(os.environ):
        give_up(NOTHING_SET)
    settings = load(ENV_FILE)
    if read_by_others(ENV_FILE):
        raise SettingsError([f"{ENV_FILE} holds secrets, and others can read it. Run: chmod 600 {ENV_FILE}"])
    return settings


def in_house(work: Coroutine[Any, Any, T]) -> T:
    logs.configure("console")
    return asyncio.run(work)
