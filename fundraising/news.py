"""What somebody has to be told: jobs staged by the transaction that made it true."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from fundraising.lanes import TELEGRAM
from storage.jobs import Job


@dataclass(frozen=True)
class ToChat(Job):
    """Base: one message to one chat, in that chat's turn."""

    lane: ClassVar = TELEGRAM
    chat_id: int

    @property
    def turn(self) -> str:
        return f"chat:{self.chat_id}"


class Alarm(StrEnum):
    SUSPENSE = "suspense"
    CORRECTED = "corrected"
    STUCK = "stuck"  # evidence that could not be settled: our own fault
    TWICE = "twice"  # one receipt was told of two donations
    CONFIGURATION = "configuration"  # M-Pesa refuses because of how we are set up
    NO_WORD = "no_word"
    CLAIM = "claim"
    UNKNOWN_CODE = "unknown_code"  # a donor sent an M-Pesa code that fits no gift
    FORMATTING = "formatting"  # Telegram refused how a message of ours was written
    SPACE = "space"  # new donations and payouts are refused
    BOOKS = "books"  # the self-check found what must not be


ABOUT_A_DONATION = frozenset(
    {Alarm.SUSPENSE, Alarm.CORRECTED, Alarm.TWICE, Alarm.CONFIGURATION, Alarm.NO_WORD, Alarm.CLAIM}
)  # fmt: skip


@dataclass(frozen=True)
class TellOwner(ToChat):
    """One of the owners, whose chat was closed when the others were told."""

    alarm: str
    subject_id: int


@dataclass(frozen=True)
class TellOwners(Job):
    lane: ClassVar = TELEGRAM
    alarm: str
    subject_id: (
        int  # a donation's id; of STUCK and UNKNOWN_CODE, that row's; of FORMATTING, a chat's; of others a number
    )
