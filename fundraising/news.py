"""What somebody has to be told: jobs staged by the transaction that made it true."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from storage.jobs import Job

TELEGRAM = "telegram"


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
class ToChat(Job):
    """Base: one message to one chat, in that chat's turn."""

    lane: ClassVar = TELEGRAM
    chat_id: int

    @property
    def turn(self) -> str:
        return f"chat:{self.chat_id}"


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


class Alarm(StrEnum):
    SUSPENSE = "suspense"
    CORRECTED = "corrected"
    STUCK = "stuck"  # evidence that could not be settled: our own fault
    TWICE = "twice"  # one receipt was told of two donations
    CONFIGURATION = "configuration"  # M-Pesa refuses because of how we are set up
    NO_WORD = "no_word"
    CLAIM = "claim"
    SPACE = "space"  # new donations and payouts are refused
    BOOKS = "books"  # the self-check found what must not be


ABOUT_A_DONATION = frozenset(
    {Alarm.SUSPENSE, Alarm.CORRECTED, Alarm.TWICE, Alarm.CONFIGURATION, Alarm.NO_WORD, Alarm.CLAIM}
)  # fmt: skip


@dataclass(frozen=True)
class TellKeyMade(ToChat):
    """At the server somebody made a key of the HTTP API: an owner should know."""

    key_id: int


@dataclass(frozen=True)
class TellOwners(Job):
    lane: ClassVar = TELEGRAM
    alarm: str
    subject_id: int  # a donation's id; of STUCK, the evidence's; of SPACE, the MB left; of BOOKS, the problems' count
