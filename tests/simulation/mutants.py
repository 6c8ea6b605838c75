"""Plants one mistake at a time and searches for the seed whose world shows it."""

import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.simulation import many
from tests.simulation.options import Options, drawn_from
from tests.simulation.planted_in_giving import IN_GIVING, Plant
from tests.simulation.planted_in_paying import IN_PAYING
from tests.simulation.running import IN_MEMORY, Universe
from tests.simulation.world import Report

PLANTED = IN_GIVING | IN_PAYING
BY_NAME = {plant.__name__: plant for plant in PLANTED}
SEARCHED = 400  # seeds, for each mistake


@dataclass(frozen=True)
class Found:
    name: str
    seed: int | None
    problem: str
    seconds: float


def in_its_weather(plant: Plant, seed: int) -> Options:
    weather: dict[str, Any] = {**PLANTED[plant]}
    return replace(drawn_from(seed), **weather)


def infected(here: Universe, plant: Plant, seed: int) -> Report:
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        return here.run(seed, in_its_weather(plant, seed), to_the_end=False)


def search(name: str) -> Found:
    """The first seed whose world fails with the mistake, and does not without it."""
    plant, here, began = BY_NAME[name], many.here[0], time.monotonic()
    for seed in range(SEARCHED):
        problems = infected(here, plant, seed).problems
        if problems and not here.run(seed, in_its_weather(plant, seed)).problems:
            return Found(name, seed, problems[0], time.monotonic() - began)
    return Found(name, None, "", time.monotonic() - began)


def hunt(processes: int, say: Callable[[str], None]) -> int:
    """How many were not found."""
    folder = Path(tempfile.mkdtemp(prefix="trustvoice-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
    missed = 0
    try:
        with multiprocessing.get_context("spawn").Pool(processes, many.begin, (folder,)) as pool:
            for found in pool.imap_unordered(search, BY_NAME):
                missed += found.seed is None
                where = "NOT FOUND" if found.seed is None else f"seed {found.seed}"
                say(f"{where:>9}  {found.seconds:5.1f} s  {found.name.replace('_', ' ')}: {found.problem}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say(f"{len(BY_NAME) - missed} of {len(BY_NAME)} planted mistakes found")
    return missed
