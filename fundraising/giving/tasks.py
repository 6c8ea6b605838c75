"""Work that giving leaves for later."""

from dataclasses import dataclass
from typing import ClassVar

from fundraising.lanes import MPESA
from storage.jobs import Job


@dataclass(frozen=True)
class AskMpesa(Job):
    """Asks on a growing schedule until the donation is decided; hinted: once, out of turn."""

    lane: ClassVar = MPESA
    donation_id: int
    hinted: bool = False


@dataclass(frozen=True)
class AskOnceMore(Job):
    """Two questions were answered with no, and no callback said so: asked again after an hour, and after a day."""

    lane: ClassVar = MPESA
    donation_id: int


@dataclass(frozen=True)
class PushAgain(Job):
    """M-Pesa was busy or out of reach, so nothing happened: the same prompt may be sent, for two minutes."""

    lane: ClassVar = MPESA
    donation_id: int


@dataclass(frozen=True)
class CheckClaimAgain(Job):
    """A day later: what it was for, if M-Pesa has told of the others meanwhile."""

    lane: ClassVar = MPESA
    claim_id: int


@dataclass(frozen=True)
class CheckClaim(Job):
    """A donor's M-Pesa code, put to Transaction Status."""

    lane: ClassVar = MPESA
    claim_id: int
