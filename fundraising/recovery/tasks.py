"""Work that a restore leaves for later."""

from dataclasses import dataclass
from typing import ClassVar

from fundraising.giving.tasks import MPESA
from storage.jobs import Job


@dataclass(frozen=True)
class RebuildPayment(Job):
    """It waits for the donations that its money came from."""

    lane: ClassVar = MPESA
    entry: str  # of the journal; what is personal in it is sealed
