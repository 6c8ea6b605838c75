"""What happened to one payment, in order, as the database knows it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from fundraising.log_context import name_of
from fundraising.messages import Kind
from fundraising.money import Money
from mpesa.masking import HIDDEN, without_numbers

Facts = Mapping[str, str | int | Money | None]  # phone numbers and CheckoutRequestIDs are masked


class What(StrEnum):
    CREATED = "created"
    PROMPTED = "prompted"  # the prompt on the donor's phone, and how far it came
    ASKED = "asked"  # M-Pesa, which has not answered
    EVIDENCE = "evidence"
    CLAIMED = "claimed"  # the donor sent an M-Pesa code
    SETTLED = "settled"
    SUSPENDED = "suspended"
    SAID = "said"  # where somebody thinks that money belongs which fits nothing
    AGREED = "agreed"  # and somebody else, too
    POSTED = "posted"
    APPROVED = "approved"
    REFUSED = "refused"  # rejected or cancelled by somebody
    SENT = "sent"  # an attempt, once for each
    SENT_ENDED = "sent_ended"
    COMPLETED = "completed"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    what: What
    facts: Facts


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that is still to do; `run_at` None: it was given up."""

    job: str
    run_at: datetime | None
    attempt: int


@dataclass(frozen=True, slots=True)
class Story:
    kind: Kind
    id: int
    amount: Money
    status: str
    needs_review: str | None
    receipt: str | None
    events: tuple[Event, ...]
    waiting: tuple[Waiting, ...]

    def for_viewers(self) -> "Story":
        """For those who may not see people."""
        return replace(self, events=tuple(replace(event, facts=impersonal(event)) for event in self.events))

    @property
    def payment(self) -> str:
        return name_of(self.kind, self.id)


def impersonal(event: Event) -> Facts:
    facts = dict(event.facts)
    facts |= {name: HIDDEN for name in ("recipient", "mpesa_name") if facts.get(name)}
    if event.what is What.REFUSED:
        facts["reason"] = without_numbers(str(facts["reason"]))
    return facts


def in_order(*parts: list[Event]) -> tuple[Event, ...]:
    """Of the same moment, in the order of the parts."""
    return tuple(sorted((event for part in parts for event in part), key=lambda event: event.at))
