"""Many payouts requested, promised and approved as one; sent one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from fundraising import campaigns, repeats
from fundraising.money import Money
from fundraising.paying import agreement, batch_facts, bulk_file, switch
from fundraising.paying import payout as rows
from fundraising.paying.batch_facts import Facts, Recipient
from fundraising.paying.bulk_file import Row
from fundraising.paying.news import AskBatchChecker
from fundraising.paying.payout import Payout
from fundraising.paying.requests import Requests
from fundraising.people import roles
from fundraising.people.roles import Role
from fundraising.refusals import LooksDuplicate, NoSuchPayout
from fundraising.repeats import Turn
from fundraising.statuses import RESERVING, PayoutStatus
from storage import jobs
from storage.database import Database
from storage.payout_tables import batches, payouts
from storage.vault import Vault

b, p = batches.c, payouts.c


@dataclass(frozen=True, slots=True)
class Batch:
    id: int
    campaign_id: int
    requester_id: int
    paused: bool
    chat_id: int | None
    message_id: int | None
    payouts: tuple[Payout, ...]  # in the order of the file
    approvers: tuple[str, ...]  # who agreed to all of what still waits, or to what was sent

    @property
    def total(self) -> Money:
        return Money(sum(payout.amount.minor for payout in self.payouts))

    @property
    def recipients(self) -> list[Recipient]:
        return [(payout.phone, payout.recipient_name) for payout in self.payouts]

    @property
    def approvals_needed(self) -> int:
        return max(payout.approvals_needed for payout in self.payouts)

    @property
    def went_to_other_names(self) -> list[Payout]:
        return [payout for payout in self.payouts if payout.went_to_another_name]

    @property
    def pending(self) -> list[Payout]:
        return [payout for payout in self.payouts if payout.status is PayoutStatus.PENDING]

    def count(self, *statuses: PayoutStatus) -> int:
        return sum(payout.status in statuses for payout in self.payouts)

    @property
    def done(self) -> int:
        return len(self.payouts) - self.count(*RESERVING)


class Batches:
    def __init__(self, database: Database, vault: Vault, requests: Requests, now: Callable[[], datetime]):
        self._database, self._vault, self._requests, self._now = database, vault, requests, now

    async def request(
        self,
        found: list[Row],
        by: int,
        file_key: str,
        despite_duplicates: bool = False,
        turn: Turn | None = None,
        alike_is_meant: bool = False,
    ) -> Batch:
        """All rows or none; they are agreed to as one.

        `file_key` names the message that brought the file: taken once. With a turn, however often the request comes,
        one batch. `alike_is_meant`: whether it was asked about rows that pay the same amount to the same phone. Raises
        what `Requests.request` raises.
        """
        if not (despite_duplicates or alike_is_meant):
            for line, earlier in bulk_file.alike(found):
                raise LooksDuplicate(rows=(earlier, line))

        def fn(conn: Connection) -> Batch:
            if made := repeats.made(conn, turn):
                return self._load(conn, made)
            known = select(b.id).where(b.file_key == file_key)
            if earlier := conn.scalar(known):
                return self._load(conn, earlier)
            roles.demand(conn, by, Role.MAKER)
            batch_id = self._begin(conn, found[0].order.campaign_id, by, file_key)
            if batch_id is None:  # the same file, at the same instant
                return self._load(conn, conn.scalars(known).one())
            repeats.note(conn, turn, batch_id)
            people = self._requests.needed(conn, [each.order for each in found], by)
            for each in found:
                self._requests.add(conn, each.order, by, people, despite_duplicates, batch_id=batch_id)
            checkers = [person for person in roles.holders(conn, Role.CHECKER) if person != by]
            chats = roles.chats_of(conn, checkers)
            jobs.add(conn, [AskBatchChecker(chat, batch_id) for chat in chats], self._now())
            return self._load(conn, batch_id)

        return await self._database.write(fn)

    def _begin(self, conn: Connection, campaign_id: int, by: int, file_key: str) -> int | None:
        campaigns.load_one(conn, campaigns.c.id == campaign_id)
        row = {"campaign_id": campaign_id, "requester_id": by, "file_key": file_key, "paused": False}
        new = insert_or_ignore(batches).values(created_at=self._now(), **row)
        return conn.scalar(new.on_conflict_do_nothing(index_elements=["file_key"]).returning(b.id))

    async def find(self, batch_id: int) -> Batch:
        """Raises NoSuchPayout."""
        return await self._database.read(lambda conn: self._load(conn, batch_id))

    async def facts(self, recipients: Sequence[Recipient]) -> Facts:
        return await self._database.read(lambda conn: batch_facts.gather(conn, self._vault, recipients))

    async def show_in(self, batch_id: int, chat_id: int, message_id: int) -> None:
        """Where its progress is told."""
        here = update(batches).where(b.id == batch_id).values(chat_id=chat_id, message_id=message_id)
        await self._database.write(lambda conn: conn.execute(here).rowcount)

    async def resume(self, batch_id: int, by: int) -> None:
        """After the float was filled up. Raises NotAllowed."""

        def fn(conn: Connection) -> None:
            roles.demand(conn, by, Role.MAKER)
            conn.execute(update(batches).where(b.id == batch_id).values(paused=False))
            switch.stage_held(conn, self._now(), p.batch_id == batch_id)

        await self._database.write(fn)

    def _load(self, conn: Connection, batch_id: int) -> Batch:
        row = conn.execute(select(batches).where(b.id == batch_id)).one_or_none()
        if row is None:
            raise NoSuchPayout
        query = select(payouts).where(p.batch_id == batch_id).order_by(p.id)
        found = tuple(rows.from_row(each, self._vault) for each in conn.execute(query))
        agreed = agreement.approvers_of_batch(conn, batch_id)
        names = tuple(roles.name_of(conn, self._vault, person) for person in agreed)
        return Batch(row.id, row.campaign_id, row.requester_id, row.paused, row.chat_id, row.message_id, found, names)
