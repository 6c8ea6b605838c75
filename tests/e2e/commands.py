"""`trustvoice WORDS` as a process of its own, forked from one that has the imports behind it: that saves a second."""

import asyncio
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trustvoice.cli import main as cli

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        *("trustvoice.cli.main", "trustvoice.cli.endings", "trustvoice.rehearsal.demo", "trustvoice.doctor.visit"),
        *("alembic.command", "httpcore", "aiosqlite", "asyncpg"),
    ]
)
ENDS_WITHIN_S = 60
# Nothing here speaks TLS, and certifi's authorities take long to load.
NO_AUTHORITIES = {"SSL_CERT_FILE": "", "SSL_CERT_DIR": tempfile.gettempdir()}


@dataclass(frozen=True)
class Ran:
    code: int | None
    out: str
    complaints: str


async def trustvoice(*words: str, env: Mapping[str, str], folder: Path) -> Ran:
    with tempfile.TemporaryDirectory(prefix="trustvoice-said-") as said:
        out, complaints = Path(said, "out"), Path(said, "complaints")
        out.touch()
        complaints.touch()
        process = FORKS.Process(target=become, args=(words, {**env, **NO_AUTHORITIES}, folder, out, complaints))
        process.start()
        await asyncio.to_thread(process.join, ENDS_WITHIN_S)
        if process.is_alive():
            process.kill()
            raise AssertionError(f"trustvoice {' '.join(words)} does not end: {complaints.read_text()}")
        return Ran(process.exitcode, out.read_text(), complaints.read_text())


def become(words: tuple[str, ...], env: dict[str, str], folder: Path, out: Path, complaints: Path) -> None:
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    for number, path in ((1, out), (2, complaints)):
        os.dup2(os.open(path, os.O_WRONLY), number)
    sys.argv = ["trustvoice", *words]
    cli.main()
