"""Runs seeds: each in a fresh file, on a loop of its own."""

import asyncio
import gc
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from pathlib import Path

from tests.simulation import template
from tests.simulation.options import Options
from tests.simulation.process import adopt_tasks
from tests.simulation.virtual_time import VirtualLoop
from tests.simulation.world import Report, World

IN_MEMORY = Path("/dev/shm")
WORLDS_BETWEEN_COLLECTIONS = 5


class Universe:
    """A folder with the file to copy for each world."""

    def __init__(self, folder: Path):
        self._template, self._path = folder / "template.db", folder / "world.db"
        self._worlds = 0
        template.make(self._template)
        gc.collect()
        gc.freeze()

    def run(self, seed: int, options: Options | None = None, to_the_end: bool = True) -> Report:
        """`to_the_end`: also after something was wrong."""
        for leftover in self._path.parent.glob("world.db*"):
            leftover.unlink()
        shutil.copy(self._template, self._path)
        self._tidy_up()
        loop = VirtualLoop()
        loop.set_task_factory(adopt_tasks)
        try:
            world = loop.run_until_complete(live(seed, self._path, loop, options, to_the_end))
        finally:
            end(loop)
        return world.report()

    def _tidy_up(self) -> None:
        """Looking for garbage within a world would take a tenth of the time."""
        gc.disable()
        self._worlds += 1
        if self._worlds % WORLDS_BETWEEN_COLLECTIONS == 0:
            gc.collect()


async def live(seed: int, path: Path, loop: VirtualLoop, options: Options | None, to_the_end: bool) -> World:
    world = World(seed, path, loop, options)
    course = asyncio.create_task(world.run(), context=Context())
    ends: list[asyncio.Future[None]] = [course] if to_the_end else [course, world.went_wrong]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    if course.done():
        course.result()
    return world


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
        gc.unfreeze()
        gc.enable()
        shutil.rmtree(folder, ignore_errors=True)
        logging.disable(logging.NOTSET)
