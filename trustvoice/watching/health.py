"""How one part of the outside is, by the latest real call to it. Whoever calls it says how it went."""

import logging
from collections.abc import Callable
from datetime import datetime

log = logging.getLogger(__name__)


class Health:
    """`worked()` or `failed(error)` after each call; cheap enough for every one."""

    def __init__(self, part: str, now: Callable[[], datetime], well_at_first: bool = True):
        self._part, self._now = part, now
        self.is_well = well_at_first
        self.since: datetime | None = None  # when it became what it is; None: nobody has called yet

    def worked(self) -> None:
        if self.since is None or not self.is_well:
            if self.since is not None:
                log.info("%s answers again", self._part)
            self.is_well, self.since = True, self._now()

    def failed(self, error: object) -> None:
        if self.since is None or self.is_well:
            why = type(error).__name__ if isinstance(error, BaseException) else error
            log.warning("%s is out of reach: %s", self._part, why)
            self.is_well, self.since = False, self._now()
