"""A payout that is being put together in the chat: campaign, amount, phone, name, then the summary to confirm."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from fundraising import campaigns
from fundraising.campaigns import Campaign
from fundraising.money import Money
from fundraising.paying.orders import Order
from fundraising.people import phones, roles
from fundraising.people.roles import Role
from fundraising.refusals import PayoutDraftGone
from mpesa.msisdn import Msisdn
from storage.database import Database
from storage.payout_tables import payout_drafts
from storage.places import next_id, place
from storage.vault import Vault

f = payout_drafts.c
LIFE = timedelta(minutes=30)
OPEN, CONFIRMED, CANCELLED = "open", "confirmed", "cancelled"


class PayoutStep(StrEnum):
    CAMPAIGN = "campaign"
    AMOUNT = "amount"
    PHONE = "phone"
    NAME = "name"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class PayoutDraft:
    id: int
    person_id: int
    campaign: Campaign | None
    amount: Money | None
    phone: Msisdn | None
    name: str | None

    @property
    def step(self) -> PayoutStep:
        missing = (
            (self.campaign, PayoutStep.CAMPAIGN),
            (self.amount, PayoutStep.AMOUNT),
            (self.phone, PayoutStep.PHONE),
            (self.name, PayoutStep.NAME),
        )
        return next((step for value, step in missing if value is None), PayoutStep.CONFIRM)

    @property
    def order(self) -> Order:
        """Raises PayoutDraftGone while something is missing."""
        if not (self.campaign and self.amount and self.phone and self.name):
            raise PayoutDraftGone
        return Order(self.campaign.id, self.amount, self.phone, self.name)


class PayoutDrafts:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]):
        self._database, self._vault, self._now = database, vault, now

    async def begin(
        self,
        person_id: int,
        key: str,
        campaign_id: int | None = None,
        amount: Money | None = None,
        phone: Msisdn | None = None,
        name: str | None = None,
    ) -> PayoutDraft:
        """Replaces the person's open draft. Raises NotAllowed, NoSuchCampaign."""

        def fn(conn: Connection) -> PayoutDraft:
            roles.demand(conn, person_id, Role.MAKER)
            if campaign_id is not None:
                campaigns.load_one(conn, campaigns.c.id == campaign_id)
            known = conn.execute(select(payout_drafts).where(f.person_id == person_id, f.status == OPEN)).one_or_none()
            if known and known.moved_by == key:
                return self._from_row(conn, known)
            older = update(payout_drafts).where(f.person_id == person_id, f.status == OPEN)
            conn.execute(older.values(status=CANCELLED))
            draft_id = next_id(conn, payout_drafts)
            row = self._columns(draft_id, campaign_id, amount, phone, name)
            new = insert(payout_drafts).values(id=draft_id, person_id=person_id, status=OPEN, **row)
            conn.execute(new.values(moved_by=key, moved_at=self._now()))
            return self._open(conn, draft_id, person_id)

        return await self._database.write(fn)

    async def current(self, person_id: int) -> PayoutDraft | None:
        def fn(conn: Connection) -> PayoutDraft | None:
            query = select(payout_drafts).where(f.person_id == person_id, f.status == OPEN)
            row = conn.execute(query).one_or_none()
            return None if row is None or self._now() - row.moved_at > LIFE else self._from_row(conn, row)

        return await self._database.read(fn)

    async def fill(
        self,
        draft_id: int,
        person_id: int,
        key: str,
        campaign_id: int | None = None,
        amount: Money | None = None,
        phone: Msisdn | None = None,
        name: str | None = None,
    ) -> PayoutDraft:
        """Sets what is given. Raises PayoutDraftGone, NoSuchCampaign."""

        def fn(conn: Connection) -> PayoutDraft:
            self._open(conn, draft_id, person_id)
            if campaign_id is not None:
                campaigns.load_one(conn, campaigns.c.id == campaign_id)
            columns = self._columns(draft_id, campaign_id, amount, phone, name)
            given = {c: v for c, v in columns.items() if v is not None}
            moved = update(payout_drafts).where(f.id == draft_id, f.moved_by != key)
            conn.execute(moved.values(moved_by=key, moved_at=self._now(), **given))
            return self._open(conn, draft_id, person_id)

        return await self._database.write(fn)

    async def forget_amount(self, draft_id: int, person_id: int) -> None:
        """It cannot be: another one is asked for next. Raises PayoutDraftGone."""

        def fn(conn: Connection) -> None:
            self._open(conn, draft_id, person_id)
            conn.execute(update(payout_drafts).where(f.id == draft_id).values(amount_minor=None))

        await self._database.write(fn)

    async def find(self, draft_id: int, person_id: int) -> PayoutDraft:
        """Also one that was confirmed, so that a tap sent again finds its payout. Raises PayoutDraftGone."""

        def fn(conn: Connection) -> PayoutDraft:
            query = select(payout_drafts).where(f.id == draft_id, f.person_id == person_id, f.status != CANCELLED)
            row = conn.execute(query).one_or_none()
            if row is None or (row.status == OPEN and self._now() - row.moved_at > LIFE):
                raise PayoutDraftGone
            return self._from_row(conn, row)

        return await self._database.read(fn)

    async def end(self, draft_id: int, status: str) -> None:
        ended = update(payout_drafts).where(f.id == draft_id, f.status == OPEN).values(status=status)
        await self._database.write(lambda conn: conn.execute(ended).rowcount)

    async def cancel(self, person_id: int) -> bool:
        """Whether there was one to cancel."""
        mine = update(payout_drafts).where(f.person_id == person_id, f.status == OPEN).values(status=CANCELLED)
        return bool(await self._database.write(lambda conn: conn.execute(mine).rowcount))

    async def cancel_older(self, person_id: int, key: str) -> None:
        """Ends the person's open draft, unless this very message began it."""
        older = update(payout_drafts).where(f.person_id == person_id, f.status == OPEN, f.moved_by != key)
        await self._database.write(lambda conn: conn.execute(older.values(status=CANCELLED)).rowcount)

    def _columns(
        self, draft_id: int, campaign_id: int | None, amount: Money | None, phone: Msisdn | None, name: str | None
    ) -> dict[str, Any]:
        return {
            "campaign_id": campaign_id,
            "amount_minor": amount.minor if amount else None,
            "phone_sealed": phones.seal(self._vault, phone, place(f.phone_sealed, draft_id)) if phone else None,
            "name_sealed": self._vault.seal_text(name, place(f.name_sealed, draft_id)) if name else None,
        }

    def _open(self, conn: Connection, draft_id: int, person_id: int) -> PayoutDraft:
        row = conn.execute(select(payout_drafts).where(f.id == draft_id).with_for_update()).one_or_none()
        if row is None or row.person_id != person_id or row.status != OPEN or self._now() - row.moved_at > LIFE:
            raise PayoutDraftGone
        return self._from_row(conn, row)

    def _from_row(self, conn: Connection, row: Any) -> PayoutDraft:
        campaign = campaigns.load_one(conn, campaigns.c.id == row.campaign_id) if row.campaign_id else None
        return PayoutDraft(
            row.id,
            row.person_id,
            campaign,
            Money(row.amount_minor) if row.amount_minor else None,
            phones.unseal(self._vault, row.phone_sealed, place(f.phone_sealed, row.id)) if row.phone_sealed else None,
            self._vault.open_text(row.name_sealed, place(f.name_sealed, row.id)) if row.name_sealed else None,
        )
