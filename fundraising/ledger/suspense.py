"""Money that arrived and fits nothing: it is kept, in full, until two people decide where it belongs."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from fundraising.ledger import accounts, posting
from fundraising.ledger.causes import Receipt
from fundraising.money import Money
from fundraising.statuses import Review
from storage import bulk
from storage.tables import suspense

s = suspense.c


@dataclass(frozen=True, slots=True)
class Stray:
    receipt: str
    donation_id: int
    amount: Money
    reason: Review


def donations_of(conn: Connection, receipts: Collection[str]) -> dict[str, int]:
    """Which of these receipts lie in suspense, and for which donation each came."""
    return dict(bulk.select(conn, (s.receipt, s.donation_id), s.receipt, receipts))


def put(conn: Connection, strays: Iterable[Stray], now: datetime) -> list[posting.Transfer]:
    """Keeps the rows; returns the transfers that post them."""
    rows, transfers = [], []
    for stray in strays:
        rows.append(
            {
                "receipt": stray.receipt,
                "donation_id": stray.donation_id,
                "amount_minor": stray.amount.minor,
                "currency": stray.amount.currency,
                "reason": stray.reason,
                "created_at": now,
            }
        )
        transfers.append(posting.Transfer(Receipt(stray.receipt), accounts.OUTSIDE, accounts.SUSPENSE, stray.amount))
    if rows:
        conn.execute(insert(suspense), rows)
    return transfers
