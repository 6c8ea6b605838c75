"""Why money moved: the names of postings."""

from sqlalchemy import ColumnElement, Text, cast, literal

from storage.payout_tables import attempts

t = attempts.c

CORRECTION, RECEIPT = "correction:", "receipt:"
DECIDED = "decided:"


def causes_of_attempt() -> list[ColumnElement[str]]:
    """Of the postings that book it."""
    cause = literal("payout:") + cast(t.payout_id, Text) + literal(":") + cast(t.number, Text)
    return [cause, cause + literal(":shortfall")]
