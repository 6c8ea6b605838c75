"""What people with a role have to be told of roles, keys and the switch."""

from dataclasses import dataclass
from typing import ClassVar

from fundraising.lanes import MPESA
from fundraising.news import ToChat
from storage.jobs import Job


@dataclass(frozen=True)
class TellKeyMade(ToChat):
    """At the server somebody made a key of the HTTP API: an owner should know."""

    key_id: int


@dataclass(frozen=True)
class TellRoleChange(ToChat):
    """Who may do what has changed, or is going to."""

    change_id: int


@dataclass(frozen=True)
class TellNgoSaved(ToChat):
    """A recipient is offered from now on: whoever approves payouts should know it, and who saved it."""

    ngo_id: int
    by: int | None  # None: at the server


@dataclass(frozen=True)
class TellFrozen(ToChat):
    stop_id: int = 0  # 0: all that stand
    because: str = ""  # told by releases in which a stop was a sentence; so is at
    at: str = ""


@dataclass(frozen=True)
class TellUnfrozen(ToChat):
    """Two owners opened sending again; so many payouts go out now."""

    first: int | None
    second: int
    held: int
    at: str


@dataclass(frozen=True)
class AskSecondOwner(ToChat):
    """To unfreeze, or for a role: what needs another owner's yes."""

    subject: str  # "unfreeze" or "role"
    subject_id: int


@dataclass(frozen=True)
class MakeRoleChange(Job):
    """One that was put off."""

    lane: ClassVar = MPESA
    change_id: int
