"""Whom a gift concerns is told: jobs staged by the transaction that made it true."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from fundraising.lanes import TELEGRAM
from fundraising.news import ToChat
from storage.jobs import Job


class News(StrEnum):
    COMPLETED = "completed"
    COMPLETED_LATE = "completed_late"  # after the donor was told that it failed
    RECEIPT = "receipt"  # known to be paid before; now M-Pesa's receipt came
    FAILED = "failed"
    SUSPENDED = "suspended"  # money arrived that fits nothing
    NO_WORD = "no_word"


class Waiting(StrEnum):
    """Why the "check your phone" message changes while nothing is decided."""

    ASKING = "asking"
    NO_ANSWER = "no_answer"  # M-Pesa could not reach the phone, or nobody answered: not final


@dataclass(frozen=True)
class ToDonor(Job):
    """Base: one message to one donor, in that donor's turn."""

    lane: ClassVar = TELEGRAM
    donor_id: int
    donation_id: int

    @property
    def turn(self) -> str:
        return f"donor:{self.donor_id}"


@dataclass(frozen=True)
class TellDonor(ToDonor):
    news: str


@dataclass(frozen=True)
class ShowWaiting(ToDonor):
    waiting: str


@dataclass(frozen=True)
class OfferTryAgain(Job):
    """Adds the button to the message that told of the failure, once M-Pesa would accept the same again."""

    lane: ClassVar = TELEGRAM
    donation_id: int
    message_id: int


@dataclass(frozen=True)
class AskSecondPerson(ToChat):
    """Somebody said where money in suspense belongs: it takes another who says the same."""

    key: str


@dataclass(frozen=True)
class TellDecided(ToDonor):
    """The donor's payment did not fit; two people decided where it belongs."""

    cause: str  # of the posting that brought it
