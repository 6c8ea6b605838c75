"""Many seeds on several processes."""

import logging
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from tests.simulation.running import IN_MEMORY, Universe
from tests.simulation.world import Report

AT_ONCE = 4  # seeds handed to a process
here: list[Universe] = []


def reports(seeds: Iterable[int], processes: int) -> Iterator[Report]:
    """As they are ready, in no order; the trace only of those that fail."""
    folder = Path(tempfile.mkdtemp(prefix="trustvoice-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
    try:
        with multiprocessing.get_context("spawn").Pool(processes, begin, (folder,)) as pool:
            yield from pool.imap_unordered(run, seeds, AT_ONCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def begin(folder: Path) -> None:
    logging.disable(logging.CRITICAL)
    mine = folder / str(os.getpid())
    mine.mkdir()
    here.append(Universe(mine))


def run(seed: int) -> Report:
    report = here[0].run(seed)
    return report if report.problems else replace(report, trace=[])
