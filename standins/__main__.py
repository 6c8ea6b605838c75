"""`python -m standins --port 8100`: a Telegram and a Daraja to try things on."""

import argparse
from dataclasses import fields
from typing import TypeVar

from aiohttp import web

from standins.app import Options, build
from standins.daraja.options import DarajaOptions
from standins.telegram.options import TelegramOptions

T = TypeVar("T", TelegramOptions, DarajaOptions)


def parser() -> argparse.ArgumentParser:
    """Every option of both services is a flag: --consumer-key, --prompt-life-s …"""
    flags = argparse.ArgumentParser(prog="standins", description=__doc__)
    flags.add_argument("--host", default="127.0.0.1")
    flags.add_argument("--port", type=int, default=8100)
    for options in (TelegramOptions(), DarajaOptions()):
        for name, default in plain(options).items():
            add(flags, name, default)
    return flags


def plain(options: TelegramOptions | DarajaOptions) -> dict[str, bool | str | float]:
    """Everything but the key pair, which is made anew each time."""
    told = {each.name: getattr(options, each.name) for each in fields(options)}
    return {name: value for name, value in told.items() if isinstance(value, bool | str | float | int)}


def add(flags: argparse.ArgumentParser, name: str, default: bool | str | float) -> None:
    flag = f"--{name.replace('_', '-')}"
    if isinstance(default, bool):
        flags.add_argument(flag, action=argparse.BooleanOptionalAction, default=default)
    else:
        flags.add_argument(flag, type=type(default), default=default)


def chosen(given: argparse.Namespace, shape: type[T]) -> T:
    return shape(**{name: getattr(given, name) for name in plain(shape())})


def main() -> None:
    given = parser().parse_args()
    options = Options(chosen(given, TelegramOptions), chosen(given, DarajaOptions))
    web.run_app(build(options), host=given.host, port=given.port, access_log=None)


if __name__ == "__main__":
    main()
