"""As many connections as the system allows files, and no more."""

import resource
import subprocess
import sys

import pytest

from trustvoice.running import descriptors

PROBE = """
import resource
from trustvoice.running.descriptors import take_all_allowed
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 300))
print(take_all_allowed(), resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def test_the_soft_limit_is_raised_to_the_hard_one() -> None:
    said = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, check=True, text=True)
    assert said.stdout.split("\n")[0] == "300 (300, 300)"


@pytest.mark.parametrize(
    ("allowed", "connections"),
    [
        (100, 64),
        (1_024, 768),
        (4_352, 4_096),
        (1_048_576, 4_096),
        (resource.RLIM_INFINITY, 4_096),
    ],
)
def test_some_files_are_left_for_our_own_work(allowed: int, connections: int) -> None:
    assert descriptors.connections_within(allowed) == connections
