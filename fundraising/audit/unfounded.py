"""Postings that nothing stands behind: money that moved in the books because of nothing that we know of."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, except_, literal, or_, select

from fundraising.evidence.record import Verdict
from fundraising.giving.undecided import is_decided
from fundraising.ledger.causes import CORRECTION, DECIDED, RECEIPT, causes_of_attempt
from fundraising.statuses import AttemptState
from storage.payout_tables import attempts
from storage.reconciliation_tables import suspense_proposals
from storage.tables import donations, evidence, postings, suspense

p, d, s, t, e, o = postings.c, donations.c, suspense.c, attempts.c, evidence.c, suspense_proposals.c


def unfounded_postings(conn: Connection) -> Iterator[str]:
    """Those of donations are compared with the donations: they are millions."""
    by_donations = p.cause.like("donation:%")
    covers = p.cause.like("cover:%") & or_(p.account.like("campaign:%"), p.account.like("receivable:%"))
    others = select(p.cause).where(~by_donations, ~covers)
    for cause in conn.scalars(except_(others, *founded())):
        yield f"{cause} moved money, but stands for nothing that we know of"


def founded() -> Iterator[Select[str]]:
    yield select(literal(RECEIPT) + s.receipt)
    yield select(literal(DECIDED) + o.cause).where(o.confirmer_id.is_not(None))
    correction = literal(CORRECTION) + cast(e.donation_id, Text)
    paid = t.state == AttemptState.SUCCEEDED
    for end in ("", ":out", ":shortfall"):
        yield select(correction + literal(end)).where(e.verdict == Verdict.CORRECTED)
    for cause in (*causes_of_attempt(), literal("fee:") + cast(t.id, Text)):
        yield select(cause).where(paid)


def receipts_used_twice(conn: Connection) -> Iterator[str]:
    """One payment is in suspense or in a donation; it is of one donation in any case."""
    of_another = s.donation_id != d.id
    both: ColumnElement[bool] = or_(of_another, ~is_decided(literal(RECEIPT) + s.receipt))
    query = select(s.receipt, d.id).join(donations, d.receipt == s.receipt).where(both)
    for receipt, donation_id in conn.execute(query):
        yield f"receipt {receipt} lies in suspense, and donation {donation_id} was credited with it"
