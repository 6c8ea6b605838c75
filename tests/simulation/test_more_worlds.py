"""Another hundred worlds, in a file of its own so that another process can run it meanwhile."""

from tests.simulation.__main__ import failure
from tests.simulation.running import universe

SEEDS = range(100, 200)


def test_every_world_converges_to_the_truth() -> None:
    with universe() as here:
        failures = [failure(report) for report in map(here.run, SEEDS) if report.problems]
    assert not failures, "\n".join(failures)
