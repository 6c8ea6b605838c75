"""Sixty worlds at every run of the tests; a seed replays to the letter; and what is planted is found."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation.__main__ import failure
from tests.simulation.options import drawn_from
from tests.simulation.planted_bugs import PLANTED, Plant
from tests.simulation.running import Universe, universe

ROOT = Path(__file__).parent.parent.parent
SEEDS = 60
FOUND_WITHIN = 20


@pytest.fixture(scope="module")
def here() -> Iterator[Universe]:
    with universe() as universe_:
        yield universe_


def test_every_world_converges_to_the_truth(here: Universe) -> None:
    failures = [failure(report) for report in map(here.run, range(SEEDS)) if report.problems]
    assert not failures, "\n".join(failures)


def test_the_worlds_are_full_of_trouble(here: Universe) -> None:
    reports = [here.run(seed) for seed in range(8)]
    kinds = {fault for report in reports for fault in report.faults}
    assert len(kinds) > 15
    assert sum(report.donations for report in reports) > 20
    assert len({drawn_from(seed) for seed in range(100)}) == 100


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_mistake_is_found(here: Universe, monkeypatch: pytest.MonkeyPatch, plant: Plant) -> None:
    weather = PLANTED[plant]
    assert not any(here.run(seed, weather).problems for seed in range(2))
    plant(monkeypatch)
    assert any(here.run(seed, weather).problems for seed in range(FOUND_WITHIN))


def test_a_seed_replays_to_the_letter_also_in_another_process(here: Universe) -> None:
    seed = 7
    script = (
        "import sys; from tests.simulation.running import universe\n"
        f"with universe() as here: sys.stdout.write('\\n'.join(here.run({seed}).trace))"
    )
    environment = {"PYTHONHASHSEED": "12345", "PATH": ""}
    other = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, check=True)
    trace = here.run(seed).trace
    assert len(trace) > 20
    assert other.stdout.decode() == "\n".join(trace) == "\n".join(here.run(seed).trace)
