"""Postings that nothing stands behind: money that moved in the books because of nothing that we know of."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, Select, except_, or_, select

from fundraising.audit.check_of_payouts import causes_of_attempt
from fundraising.evidence.record import Verdict
from fundraising.giving.undecided import is_decided
from fundraising.ledger import accounts, causes
from fundraising.ledger.causes import Kind
from fundraising.people import consent
from fundraising.statuses import AttemptState
from storage.consent_tables import consents
from storage.payout_tables import attempts
from storage.tables import donations, evidence, postings, suspense

p, d, s, t, e, o = postings.c, donations.c, suspense.c, attempts.c, evidence.c, consents.c


def unfounded_postings(conn: Connection) -> Iterator[str]:
    """Those of donations are compared with the donations: they are millions."""
    of_campaigns = accounts.is_one_of(p.account, accounts.Kind.CAMPAIGN, accounts.Kind.RECEIVABLE)
    covers = causes.is_of(p.cause, Kind.COVER) & of_campaigns
    others = select(p.cause).where(~causes.is_of(p.cause, Kind.DONATION), ~covers)
    for cause in conn.scalars(except_(others, *founded())):
        yield f"{cause} moved money, but stands for nothing that we know of"


def founded() -> Iterator[Select[str]]:
    yield select(causes.column(Kind.RECEIPT, s.receipt))
    yield select(causes.column(Kind.DECISION, o.subject)).where(
        o.kind == consent.Kind.SUSPENSE, o.confirmer_id.is_not(None)
    )
    correction = causes.column(Kind.CORRECTION, e.payment_id)
    for part in (correction, causes.out(correction), causes.shortfall(correction)):
        yield select(part).where(e.verdict == Verdict.CORRECTED)
    for cause in (*causes_of_attempt(), causes.column(Kind.FEE, t.id)):
        yield select(cause).where(t.state == AttemptState.SUCCEEDED)


def receipts_used_twice(conn: Connection) -> Iterator[str]:
    """One payment is in suspense or in a donation; it is of one donation in any case."""
    of_another = s.donation_id != d.id
    both: ColumnElement[bool] = or_(of_another, ~is_decided(causes.column(Kind.RECEIPT, s.receipt)))
    query = select(s.receipt, d.id).join(donations, d.receipt == s.receipt).where(both)
    for receipt, donation_id in conn.execute(query):
        yield f"receipt {receipt} lies in suspense, and donation {donation_id} was credited with it"
