"""A look at the program's file through a connection of its own: what is committed, read without the program's code."""

import sqlite3
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from storage.columns import EPOCH, MICROSECOND

NEXT_DUE = """
    SELECT min(run_at) FROM jobs j WHERE lane = ? AND run_at IS NOT NULL AND (turn IS NULL OR NOT EXISTS (
        SELECT 1 FROM jobs e WHERE e.turn = j.turn AND e.id < j.id AND e.run_at IS NOT NULL))
"""
GIVEN = """
    SELECT coalesce(s.donation_id, substr(p.cause, instr(p.cause, ':') + 1)), -p.minor
    FROM postings p LEFT JOIN suspense s ON p.cause = 'receipt:' || s.receipt
    WHERE p.account = 'outside'
        AND substr(p.cause, 1, instr(p.cause, ':')) IN ('donation:', 'receipt:', 'correction:')
"""
CLAIMED = """
    SELECT c.code, d.reference FROM claims c JOIN donations d ON d.id = c.donation_id
    WHERE d.receipt = c.code
        OR EXISTS (SELECT 1 FROM suspense s WHERE s.receipt = c.code AND s.donation_id = d.id)
"""
PROMISING = "('pending', 'approved', 'processing')"


def instant(microseconds: int) -> datetime:
    return EPOCH + microseconds * MICROSECOND


class DonationRow(NamedTuple):
    id: int
    donor_id: int
    reference: str
    minor: int
    status: str
    review: str | None
    push: str


class PayoutRow(NamedTuple):
    id: int
    batch_id: int | None
    campaign_id: int
    requester_id: int
    minor: int
    status: str
    review: str | None
    phone_sealed: bytes


class AttemptRow(NamedTuple):
    id: int
    payout_id: int
    number: int
    originator_id: str
    state: str
    started_at: int


class BalanceRow(NamedTuple):
    account: str
    came: int
    went: int
    promised: int


class Eye:
    def __init__(self, path: Path):
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.all = self.connection.execute

    def next_due(self, lane: str) -> datetime | None:
        """Of a turn only the first counts: the others wait for its end."""
        at = self.all(NEXT_DUE, (lane,)).fetchone()[0]
        return None if at is None else instant(at)

    def donations(self, where: str = "1", *values: object) -> list[DonationRow]:
        query = f"SELECT id, donor_id, reference, amount_minor, status, needs_review, push FROM donations WHERE {where}"
        return [DonationRow(*row) for row in self.all(f"{query} ORDER BY id", values)]

    def payouts(self, where: str = "1", *values: object) -> list[PayoutRow]:
        columns = "id, batch_id, campaign_id, requester_id, amount_minor, status, needs_review, phone_sealed"
        query = f"SELECT {columns} FROM payouts WHERE {where} ORDER BY id"
        return [PayoutRow(*row) for row in self.all(query, values)]

    def attempts(self, where: str = "1", *values: object) -> list[AttemptRow]:
        query = f"SELECT id, payout_id, number, originator_id, state, started_at FROM attempts WHERE {where}"
        return [AttemptRow(*row) for row in self.all(f"{query} ORDER BY id", values)]

    def balances(self) -> list[BalanceRow]:
        return [
            BalanceRow(*row) for row in self.all("SELECT account, in_minor, out_minor, reserved_minor FROM balances")
        ]

    def promised(self) -> dict[str, int]:
        """By account, what open payouts need."""
        query = f"SELECT campaign_id, sum(amount_minor) FROM payouts WHERE status IN {PROMISING} GROUP BY 1"
        return {f"campaign:{campaign_id}": minor for campaign_id, minor in self.all(query)}

    def approvers(self, payout_id: int) -> list[int]:
        query = "SELECT approver_id FROM approvals WHERE payout_id = ? ORDER BY 1"
        return [person_id for (person_id,) in self.all(query, (payout_id,))]

    def with_role(self, *roles: str) -> set[int]:
        query = f"SELECT person_id FROM roles WHERE role IN ({', '.join('?' * len(roles))})"
        return {person_id for (person_id,) in self.all(query, roles)}

    def chats_of(self, person_id: int) -> list[int]:
        return [chat for (chat,) in self.all("SELECT chat_id FROM accounts WHERE person_id = ?", (person_id,))]

    def chat_of_donor(self, donor_id: int) -> int | None:
        found: int | None = self.all("SELECT chat_id FROM donors WHERE id = ?", (donor_id,)).fetchone()[0]
        return found

    def count(self, table: str) -> int:
        found: int = self.all(f"SELECT count(*) FROM {table}").fetchone()[0]
        return found

    def is_open(self, campaign_id: int) -> bool:
        return bool(self.all("SELECT status = 'open' FROM campaigns WHERE id = ?", (campaign_id,)).fetchone()[0])

    def frozen(self) -> str | None:
        found = self.all("SELECT cause FROM stops WHERE lifted_at IS NULL ORDER BY id").fetchone()
        return str(found[0]) if found else None

    def given(self) -> dict[int, int]:
        """By donation, what is booked as taken from the donor, in cents."""
        booked: defaultdict[int, int] = defaultdict(int)
        for donation_id, minor in self.all(GIVEN):
            booked[int(str(donation_id).removesuffix(":out"))] += minor
        return booked

    def claimed(self) -> dict[str, str]:
        """Receipts that are booked because a donor sent them, and the reference of the donation they were sent for."""
        return dict(self.all(CLAIMED).fetchall())

    def spent(self) -> dict[tuple[int, int], int]:
        """By payout and number of the attempt, what is booked as paid, in cents."""
        booked: defaultdict[tuple[int, int], int] = defaultdict(int)
        for cause, minor in self.all(
            "SELECT cause, minor FROM postings WHERE account = 'outside' AND cause LIKE 'payout:%'"
        ):
            _, payout_id, number, *_ = cause.split(":")
            booked[int(payout_id), int(number)] += minor
        return booked

    def close(self) -> None:
        self.connection.close()
