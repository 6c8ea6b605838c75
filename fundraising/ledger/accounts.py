"""The chart of accounts: what each is for, and how its name is written in the books and read back."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement

from fundraising.ledger import grammar


class Kind(StrEnum):
    OUTSIDE = "outside"  # everybody's own M-Pesa: below zero by its nature
    SUSPENSE = "suspense"  # what arrived and fits nothing
    FEES = "fees"  # what M-Pesa kept for sending: below zero by what it cost
    CAMPAIGN = "campaign"
    RETURNED = "returned"  # what was credited to the campaign and then was not its own: it lowers what was raised
    RECEIVABLE = "receivable"  # below zero by what left M-Pesa for the campaign without being covered


@dataclass(frozen=True, slots=True)
class Account:
    kind: Kind
    campaign_id: int | None = None

    def __str__(self) -> str:
        """As it is stored."""
        return self.kind if self.campaign_id is None else grammar.written(self.kind, self.campaign_id)


OUTSIDE, SUSPENSE, FEES = Account(Kind.OUTSIDE), Account(Kind.SUSPENSE), Account(Kind.FEES)


def campaign(campaign_id: int) -> Account:
    return Account(Kind.CAMPAIGN, campaign_id)


def returned(campaign_id: int) -> Account:
    return Account(Kind.RETURNED, campaign_id)


def receivable(campaign_id: int) -> Account:
    return Account(Kind.RECEIVABLE, campaign_id)


def parse(stored: str) -> Account:
    """Raises ValueError."""
    kind, _, campaign_id = stored.partition(":")
    return Account(Kind(kind), int(campaign_id) if campaign_id else None)


def column(kind: Kind, campaign_id: grammar.Columns) -> ColumnElement[str]:
    """The account of the campaign in that column."""
    return grammar.column(kind, campaign_id)


def is_one_of(stored: ColumnElement[str], *kinds: Kind) -> ColumnElement[bool]:
    """Of the kinds that campaigns have."""
    first, *others = (grammar.begins(stored, kind) for kind in kinds)
    for other in others:
        first = first | other
    return first
