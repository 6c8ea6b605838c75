"""A hundred worlds at every run of the tests, and a seed that replays to the letter. (The others are next door.)"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation.__main__ import failure
from tests.simulation.options import drawn_from
from tests.simulation.running import Universe, universe

ROOT = Path(__file__).parent.parent.parent
SEEDS = range(100)


@pytest.fixture(scope="module")
def here() -> Iterator[Universe]:
    with universe() as universe_:
        yield universe_


def test_every_world_converges_to_the_truth_and_is_full_of_trouble(here: Universe) -> None:
    reports = [here.run(seed) for seed in SEEDS]
    failures = [failure(report) for report in reports if report.problems]
    assert not failures, "\n".join(failures)
    assert len({fault for report in reports for fault in report.faults}) > 50
    assert sum(report.donations for report in reports) > 200
    assert sum(report.payouts for report in reports) > 100
    assert len({drawn_from(seed) for seed in SEEDS}) == len(SEEDS)


def test_a_seed_replays_to_the_letter_also_in_another_process(here: Universe) -> None:
    seed = 2
    script = (
        "import sys; from tests.simulation.running import universe\n"
        f"with universe() as here: sys.stdout.write('\\n'.join(here.run({seed}).trace))"
    )
    environment = {"PYTHONHASHSEED": "12345", "PATH": ""}
    other = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, check=True)
    trace = here.run(seed).trace
    assert len(trace) > 20
    assert other.stdout.decode() == "\n".join(trace) == "\n".join(here.run(seed).trace)
