"""Lives one after another, forked from a process that has the imports behind it, each on a copy of the same stock."""

import asyncio
import gc
import os
import shutil
import signal
import traceback
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import asyncpg

from tests.databases import PostgresServer
from tests.kills.child import Life
from tests.kills.fate import Fate
from tests.kills.stories import STORIES
from tests.kills.story import Story
from tests.kills.verdict import Verdict, verdict_of

TEMPLATE = "kills_template"
NUMBERS, AT_ONCE = count(), 12  # databases: to drop one takes longer than to make one


@dataclass(frozen=True)
class Stock:
    """`folder`: of the SQLite file, or of PostgreSQL's socket."""

    kind: str
    folder: Path

    def copy(self, to: Path, name: str) -> str:
        """The URL of the copy."""
        if self.kind == "sqlite":
            shutil.copy(self.folder / "stock.db", to / "kills.db")
            return f"sqlite+aiosqlite:///{to}/kills.db"
        asyncio.run(recreate(str(self.folder), name))
        return PostgresServer(str(self.folder)).url(name)


async def recreate(socket: str, name: str) -> None:
    connection = await asyncpg.connect(host=socket, user="postgres", database="postgres")
    await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    await connection.close()


@dataclass(frozen=True)
class Run:
    """`deaths`: a life for each, and one more that nobody ends."""

    story: str
    deaths: tuple[str, ...]
    stock: Stock
    folder: Path

    def in_peace(self) -> Verdict:
        """In this process: whatever it loads, no child has to load."""
        asyncio.run(self._live(self._fresh(), STORIES[self.story], Fate()))
        return Verdict.load(self.folder)

    def _fresh(self) -> str:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        return self.stock.copy(self.folder, f"kills_{os.getpid()}_{next(NUMBERS) % AT_ONCE}")

    def verdict(self) -> Verdict:
        """Raises AssertionError when a life broke instead of being ended."""
        url = self._fresh()
        for dies_at in (*self.deaths, None):
            if not killed(self._fork(url, dies_at)):
                break
        return Verdict.load(self.folder)

    def _fork(self, url: str, dies_at: str | None) -> int:
        gc.freeze()  # what is shared stays shared: a child's collector would copy all of it
        if child := os.fork():
            return child
        gc.disable()
        code = 1
        try:
            asyncio.run(self._live(url, STORIES[self.story], Fate(dies_at)))
            code = 0
        except Exception:  # noqa: BLE001 whatever it is, the parent reads it
            (self.folder / "broke").write_text(traceback.format_exc())
        finally:
            os._exit(code)

    async def _live(self, url: str, story: Story, fate: Fate) -> None:
        life = Life(story, url, self.folder, fate)
        await life.live()
        (await verdict_of(life, story, fate.passed)).save(self.folder)
        await life.database.close()


def killed(child: int) -> bool:
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, f"it died of signal {os.WTERMSIG(status)}"
        return True
    assert os.waitstatus_to_exitcode(status) == 0, "a life broke"
    return False
