"""Work that the books leave for later."""

from dataclasses import dataclass
from typing import ClassVar

from fundraising.giving.tasks import MPESA
from storage.jobs import Job


@dataclass(frozen=True)
class Reconcile(Job):
    lane: ClassVar = MPESA
    day: str

    @property
    def turn(self) -> str:
        return "reconcile"
