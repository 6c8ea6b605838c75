"""Many payouts requested, promised and approved as one; sent one after the other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from fundraising.money import Money
from fundraising.paying import payout as rows
from fundraising.paying.bulk_file import Row
from fundraising.paying.news import AskBatchChecker, SendBatchResult, ShowBatch
from fundraising.paying.payout import Payout
from fundraising.paying.requests import Requests
from fundraising.paying.statuses import PayoutStatus
from fundraising.paying.tasks import SendPayout
from fundraising.people import roles
from fundraising.people.roles import Role
from fundraising.refusals import NoSuchPayout
from storage import jobs
from storage.database import Database
from storage.payout_tables import batches, payouts
from storage.vault import Vault

b, p = batches.c, payouts.c
UNDER_WAY = (PayoutStatus.PENDING, PayoutStatus.APPROVED, PayoutStatus.PROCESSING)


@dataclass(frozen=True, slots=True)
class Batch:
    id: int
    campaign_id: int
    requester_id: int
    paused: bool
    chat_id: int | None
    message_id: int | None
    payouts: tuple[Payout, ...]  # in the order of the file

    @property
    def total(self) -> Money:
        return Money(sum(payout.amount.minor for payout in self.payouts))

    def count(self, *statuses: PayoutStatus) -> int:
        return sum(payout.status in statuses for payout in self.payouts)

    @property
    def done(self) -> int:
        return len(self.payouts) - self.count(*UNDER_WAY)


class Batches:
    def __init__(self, database: Database, vault: Vault, requests: Requests, now: Callable[[], datetime]):
        self._database, self._vault, self._requests, self._now = database, vault, requests, now

    async def request(self, found: list[Row], by: int, file_key: str) -> Batch:
        """All rows or none. `file_key` names the message that brought the file: taken once.

        Raises what `Requests.request` raises, but for LooksDuplicate.
        """

        def fn(conn: Connection) -> Batch:
            known = conn.scalar(select(b.id).where(b.file_key == file_key))
            if known:
                return self._load(conn, known)
            roles.demand(conn, by, Role.MAKER)
            row = {"campaign_id": found[0].order.campaign_id, "requester_id": by, "file_key": file_key}
            new = insert(batches).values(paused=False, created_at=self._now(), **row).returning(b.id)
            batch_id = conn.scalars(new).one()
            for each in found:
                self._requests.add(conn, each.order, by, {"batch_id": batch_id})
            checkers = [person for person in roles.holders(conn, Role.CHECKER) if person != by]
            chats = roles.chats_of(conn, checkers)
            jobs.add(conn, [AskBatchChecker(chat, batch_id) for chat in chats], self._now())
            return self._load(conn, batch_id)

        return await self._database.write(fn)

    async def find(self, batch_id: int) -> Batch:
        """Raises NoSuchPayout."""
        return await self._database.read(lambda conn: self._load(conn, batch_id))

    async def show_in(self, batch_id: int, chat_id: int, message_id: int) -> None:
        """Where its progress is told."""
        here = update(batches).where(b.id == batch_id).values(chat_id=chat_id, message_id=message_id)
        await self._database.write(lambda conn: conn.execute(here).rowcount)

    async def resume(self, batch_id: int, by: int) -> None:
        """After the float was filled up. Raises NotAllowed."""

        def fn(conn: Connection) -> None:
            roles.demand(conn, by, Role.MAKER)
            conn.execute(update(batches).where(b.id == batch_id).values(paused=False))
            held = [each for each in self._load(conn, batch_id).payouts if each.status is PayoutStatus.APPROVED]
            jobs.add(conn, [SendPayout(each.id, each.version, batch_id) for each in held], self._now())

        await self._database.write(fn)

    def _load(self, conn: Connection, batch_id: int) -> Batch:
        row = conn.execute(select(batches).where(b.id == batch_id)).one_or_none()
        if row is None:
            raise NoSuchPayout
        query = select(payouts).where(p.batch_id == batch_id).order_by(p.id)
        found = tuple(rows.from_row(each, self._vault) for each in conn.execute(query))
        return Batch(row.id, row.campaign_id, row.requester_id, row.paused, row.chat_id, row.message_id, found)


def is_paused(conn: Connection, batch_id: int | None) -> bool:
    return bool(batch_id and conn.scalar(select(b.paused).where(b.id == batch_id)))


def pause(conn: Connection, batch_id: int) -> None:
    """The float is empty: what is not sent yet waits for a person."""
    conn.execute(update(batches).where(b.id == batch_id).values(paused=True))


def show_progress(conn: Connection, batch_id: int, now: datetime) -> None:
    row = conn.execute(select(b.chat_id, b.message_id, b.requester_id).where(b.id == batch_id)).one()
    open_ones = select(func.count()).select_from(payouts).where(p.batch_id == batch_id, p.status.in_(UNDER_WAY))
    total = select(func.count()).select_from(payouts).where(p.batch_id == batch_id)
    left = conn.scalar(open_ones) or 0
    if row.chat_id:
        jobs.add(conn, [ShowBatch(row.chat_id, batch_id, (conn.scalar(total) or 0) - left)], now)
    if not left:
        chats = roles.chats_of(conn, [row.requester_id])
        jobs.add(conn, [SendBatchResult(chat, batch_id) for chat in chats], now)
