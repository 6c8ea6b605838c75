"""Runs seeds: each in a fresh file, on a loop of its own."""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.inline import InlineDatabase
from tests.simulation.crashes import adopt_tasks
from tests.simulation.options import Options
from tests.simulation.virtual_time import VirtualLoop
from tests.simulation.world import Report, World

IN_MEMORY = Path("/dev/shm")


class Universe:
    """A folder with a migrated, empty database to copy for each world."""

    def __init__(self, folder: Path):
        self._template, self._path = folder / "template.db", folder / "world.db"
        asyncio.run(migrate(self._template))

    def run(self, seed: int, options: Options | None = None) -> Report:
        for leftover in self._path.parent.glob("world.db*"):
            leftover.unlink()
        shutil.copy(self._template, self._path)
        loop = VirtualLoop()
        loop.set_task_factory(adopt_tasks)
        world = World(seed, self._path, loop, options)
        try:
            loop.run_until_complete(world.run())
        finally:
            end(loop)
        return world.report()


async def migrate(path: Path) -> None:
    database = InlineDatabase(path)
    await database.migrate()
    await database.write(lambda conn: conn.exec_driver_sql("SELECT 1").close())
    await database.close()


def end(loop: asyncio.AbstractEventLoop) -> None:
    async def cancel() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    loop.run_until_complete(cancel())
    loop.close()


@contextmanager
def universe() -> Iterator[Universe]:
    """In memory where there is such a folder; the program's own log is of no use in thousands of worlds."""
    logging.disable(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix="trustvoice-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
    try:
        yield Universe(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        logging.disable(logging.NOTSET)
