"""Every connection and open file is a descriptor, and whoever has none left answers nobody."""

import resource
from contextlib import suppress

from webhooks.door import MOST_CONNECTIONS

OF_OUR_OWN = 256  # database, journal, spool, log, calls to M-Pesa and Telegram
FEWEST_CONNECTIONS = 64
ENOUGH = MOST_CONNECTIONS + OF_OUR_OWN


def most_allowed() -> int:
    """As many as the process may give itself."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def take_all_allowed() -> int:
    """Raises the soft limit, mostly 1,024, to the hard one. How many there are then."""
    hard = most_allowed()
    with suppress(ValueError, OSError):  # a system that counts another way
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def connections_within(descriptors: int) -> int:
    if descriptors == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(FEWEST_CONNECTIONS, min(MOST_CONNECTIONS, descriptors - OF_OUR_OWN))
