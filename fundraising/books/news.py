"""What the books have to tell: jobs staged by the transaction that made it true."""

from dataclasses import dataclass
from typing import ClassVar

from fundraising.news import TELEGRAM
from fundraising.paying.news import ToChat
from storage.jobs import Job


@dataclass(frozen=True)
class SendReport(ToChat):
    """The day's report, for one owner."""

    day: str


@dataclass(frozen=True)
class AskSecondPerson(ToChat):
    """Somebody said where money in suspense belongs: it takes another who says the same."""

    key: str


@dataclass(frozen=True)
class TellDecided(Job):
    """The donor's payment did not fit; two people decided where it belongs."""

    lane: ClassVar = TELEGRAM
    donor_id: int
    donation_id: int
    cause: str  # of the posting that brought it

    @property
    def turn(self) -> str:
        return f"donor:{self.donor_id}"
