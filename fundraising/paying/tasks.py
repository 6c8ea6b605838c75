"""Work that paying leaves for later."""

from dataclasses import dataclass
from typing import ClassVar

from fundraising.lanes import MPESA
from storage.jobs import Job


@dataclass(frozen=True)
class SendPayout(Job):
    """Of a batch, the next is sent after M-Pesa has acknowledged the one before."""

    lane: ClassVar = MPESA
    payout_id: int
    version: int  # of the approval: a retry is another job
    batch_id: int | None = None

    @property
    def turn(self) -> str | None:
        return f"batch:{self.batch_id}" if self.batch_id else None


@dataclass(frozen=True)
class AskAboutPayout(Job):
    """Asks on a growing schedule until the attempt is decided; hinted: once, out of turn."""

    lane: ClassVar = MPESA
    attempt_id: int
    hinted: bool = False


@dataclass(frozen=True)
class ExpirePayout(Job):
    lane: ClassVar = MPESA
    payout_id: int


@dataclass(frozen=True)
class AskBalance(Job):
    lane: ClassVar = MPESA


@dataclass(frozen=True)
class AskBalanceFor(Job):
    """For a day's report. A job of its own: whoever asks for the balance sooner does not take this one away."""

    lane: ClassVar = MPESA
    day: str


@dataclass(frozen=True)
class RebuildPayment(Job):
    """It waits for the donations that its money came from."""

    lane: ClassVar = MPESA
    entry: str  # of the journal; what is personal in it is sealed
