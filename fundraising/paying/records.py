"""Payouts as other programs read them: with M-Pesa's ids and with the people who asked and agreed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from fundraising.paying import doable
from fundraising.paying import payout as rows
from fundraising.paying.doable import Act
from fundraising.paying.payout import Payout
from fundraising.people import roles
from fundraising.people.roles import Person
from fundraising.refusals import NoSuchPayout
from fundraising.statuses import PayoutStatus
from storage.database import Database
from storage.payout_tables import approvals, attempts, payouts, people
from storage.vault import Vault

p = rows.p


@dataclass(frozen=True, slots=True)
class PayoutRecord:
    payout: Payout
    originator_id: str | None  # of the latest attempt, as the next
    conversation_id: str | None
    requester: str
    approvals: tuple[tuple[str, datetime], ...]  # who agreed, and when

    @property
    def id(self) -> int:
        return self.payout.id

    def for_viewers(self) -> "PayoutRecord":
        return replace(self, payout=self.payout.for_viewers())


class PayoutRecords:
    def __init__(self, database: Database, vault: Vault):
        self._database, self._vault = database, vault

    async def find(self, payout_id: int) -> PayoutRecord:
        """Raises NoSuchPayout."""
        found = await self._database.read(
            lambda conn: self._records(conn, rows.load(conn, self._vault, 1, p.id == payout_id))
        )
        if not found:
            raise NoSuchPayout
        return found[0]

    async def newest(
        self, status: PayoutStatus | None, campaign_id: int | None, before: int | None, limit: int
    ) -> list[PayoutRecord]:
        """The newest first; the next page is `before` the last id of this one."""
        where = []
        if status:
            where.append(p.status == status)
        if campaign_id:
            where.append(p.campaign_id == campaign_id)
        if before:
            where.append(p.id < before)
        return await self._database.read(lambda conn: self._records(conn, rows.load(conn, self._vault, limit, *where)))

    async def doable(self, person: Person, act: Act, limit: int) -> list[PayoutRecord]:
        """What this person could do that with, the newest first."""
        return await self._database.read(
            lambda conn: self._records(conn, rows.load(conn, self._vault, limit, doable.by(person, act)))
        )

    async def count_doable(self, person: Person, act: Act) -> int:
        query = select(func.count()).select_from(payouts).where(doable.by(person, act))
        return await self._database.read(lambda conn: conn.scalar(query)) or 0

    async def of_batch(self, batch_id: int) -> list[PayoutRecord]:
        """In the order in which they were asked for."""

        def fn(conn: Connection) -> list[PayoutRecord]:
            found = conn.execute(select(payouts).where(p.batch_id == batch_id).order_by(p.id))
            return self._records(conn, [rows.from_row(row, self._vault) for row in found])

        return await self._database.read(fn)

    def _records(self, conn: Connection, found: Sequence[Payout]) -> list[PayoutRecord]:
        ids = [payout.id for payout in found]
        latest = latest_attempts(conn, ids)
        agreed = who_agreed(conn, ids)
        concerned = {payout.requester_id for payout in found} | {who for pairs in agreed.values() for who, _ in pairs}
        names = self._names(conn, sorted(concerned))
        return [
            PayoutRecord(
                payout,
                latest[payout.id].originator_id if payout.id in latest else None,
                latest[payout.id].conversation_id if payout.id in latest else None,
                names[payout.requester_id],
                tuple((names[who], at) for who, at in agreed.get(payout.id, ())),
            )
            for payout in found
        ]

    def _names(self, conn: Connection, ids: Sequence[int]) -> dict[int, str]:
        query = select(people.c.id, people.c.name_sealed).where(people.c.id.in_(ids))
        return {row.id: roles.name_in(row, self._vault) for row in conn.execute(query)}


def latest_attempts(conn: Connection, ids: Sequence[int]) -> dict[int, Any]:
    """Rows with both of M-Pesa's ids."""
    a = attempts.c
    query = select(a.payout_id, a.originator_id, a.conversation_id).where(a.payout_id.in_(ids)).order_by(a.number)
    return {row.payout_id: row for row in conn.execute(query)}


def who_agreed(conn: Connection, ids: Sequence[int]) -> dict[int, list[tuple[int, datetime]]]:
    a = approvals.c
    query = select(a.payout_id, a.approver_id, a.created_at).where(a.payout_id.in_(ids)).order_by(a.created_at)
    found: dict[int, list[tuple[int, datetime]]] = {}
    for row in conn.execute(query):
        found.setdefault(row.payout_id, []).append((row.approver_id, row.created_at))
    return found
