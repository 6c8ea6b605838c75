"""A donation that is being put together in the chat. It lives in the database: a restart loses nothing.

What is missing is asked for next: campaign, amount, phone, then the confirmation. One open draft a donor.
`key` names the message or tap that moves the draft; when the same one comes again, it moves nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from fundraising import campaigns
from fundraising.campaigns import Campaign
from fundraising.giving import amounts
from fundraising.giving import donation as donations
from fundraising.money import Money
from fundraising.people import phones
from fundraising.refusals import DraftGone, NoSuchDonation, NothingToTryAgain, TooEarlyToTryAgain
from fundraising.statuses import DonationStatus
from mpesa.msisdn import Msisdn
from storage.database import Database
from storage.places import next_id, place
from storage.tables import drafts
from storage.vault import Vault

f = drafts.c
LIFE = timedelta(minutes=30)


class Step(StrEnum):
    CAMPAIGN = "campaign"
    AMOUNT = "amount"
    PHONE = "phone"
    CONFIRM = "confirm"


class DraftStatus(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"  # by the donor, or replaced by a newer one


@dataclass(frozen=True, slots=True)
class Draft:
    id: int
    donor_id: int
    campaign: Campaign | None
    amount: Money | None
    phone: Msisdn | None
    moved_by: str | None

    @property
    def step(self) -> Step:
        if self.campaign is None:
            return Step.CAMPAIGN
        if self.amount is None:
            return Step.AMOUNT
        return Step.CONFIRM if self.phone else Step.PHONE


class Drafts:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime], try_again_after: timedelta):
        self._database, self._vault, self._now, self._try_again_after = database, vault, now, try_again_after

    async def begin(self, donor_id: int, key: str, campaign_id: int | None = None) -> Draft:
        """Replaces the donor's open draft. Raises NoSuchCampaign, CampaignClosed."""

        def fn(conn: Connection) -> Draft:
            if campaign_id is not None:
                campaigns.load_open(conn, campaign_id)
            return self._replace(conn, donor_id, key, {"campaign_id": campaign_id})

        return await self._database.write(fn)

    async def current(self, donor_id: int) -> Draft | None:
        """The donor's open draft, if it has not lain too long."""
        return await self._database.read(lambda conn: self._open_draft(conn, donor_id))

    async def set_amount(self, draft_id: int, donor_id: int, amount: Money, key: str) -> Draft:
        """Raises NotAnAmount, AmountOutOfRange, DraftGone."""
        amounts.check(amount)
        return await self._move(draft_id, donor_id, key, amount_minor=amount.minor)

    async def set_phone(self, draft_id: int, donor_id: int, phone: Msisdn, key: str) -> Draft:
        """Raises DraftGone."""
        sealed = phones.seal(self._vault, phone, phone_place(draft_id))
        return await self._move(draft_id, donor_id, key, phone_sealed=sealed)

    async def back(self, draft_id: int, donor_id: int, step: Step, key: str) -> Draft:
        """Asks for one thing anew; what is known of the rest stays. Raises DraftGone."""
        column = {Step.CAMPAIGN: "campaign_id", Step.AMOUNT: "amount_minor", Step.PHONE: "phone_sealed"}[step]
        return await self._move(draft_id, donor_id, key, **{column: None})

    async def cancel(self, donor_id: int) -> bool:
        """Whether there was one to cancel."""
        statement = update(drafts).where(f.donor_id == donor_id, f.status == DraftStatus.OPEN)
        cancelled = statement.values(status=DraftStatus.CANCELLED)
        return bool(await self._database.write(lambda conn: conn.execute(cancelled).rowcount))

    async def try_again(self, donation_id: int, donor_id: int, key: str) -> Draft:
        """A new draft like the failed donation, to be confirmed; the same one however often the tap comes.

        Raises NoSuchDonation, NothingToTryAgain, CampaignClosed; TooEarlyToTryAgain because M-Pesa refuses the same
        amount from the same phone within two minutes.
        """

        def fn(conn: Connection) -> Draft:
            for made in conn.execute(select(drafts).where(f.donor_id == donor_id, f.moved_by == key)):
                return self._from_row(conn, made)
            old = donations.find(conn, donation_id)
            if old.donor_id != donor_id:
                raise NoSuchDonation
            if old.status is not DonationStatus.FAILED:
                raise NothingToTryAgain
            if (wait := old.pushed_at + self._try_again_after - self._now()) > timedelta():
                raise TooEarlyToTryAgain(wait)
            campaigns.load_open(conn, old.campaign_id)
            values = {"campaign_id": old.campaign_id, "amount_minor": old.amount.minor}
            phone = donations.phone_of(conn, self._vault, donation_id)
            return self._replace(conn, donor_id, key, values, phone)

        return await self._database.write(fn)

    async def _move(self, draft_id: int, donor_id: int, key: str, **values: Any) -> Draft:
        def fn(conn: Connection) -> Draft:
            draft = self.open_or_gone(conn, draft_id, donor_id)
            if draft.moved_by == key:
                return draft
            changed = update(drafts).where(f.id == draft_id).values(moved_by=key, moved_at=self._now(), **values)
            conn.execute(changed)
            return self.open_or_gone(conn, draft_id, donor_id)

        return await self._database.write(fn)

    def _replace(
        self, conn: Connection, donor_id: int, key: str, values: dict[str, Any], phone: Msisdn | None = None
    ) -> Draft:
        current = self._open_draft(conn, donor_id)
        if current and current.moved_by == key:
            return current
        older = update(drafts).where(f.donor_id == donor_id, f.status == DraftStatus.OPEN)
        conn.execute(older.values(status=DraftStatus.CANCELLED))
        draft_id = next_id(conn, drafts)
        sealed = phones.seal(self._vault, phone, phone_place(draft_id)) if phone else None
        row = {"id": draft_id, "donor_id": donor_id, "status": DraftStatus.OPEN, "phone_sealed": sealed, **values}
        conn.execute(insert(drafts).values(moved_by=key, moved_at=self._now(), **row))
        return self.open_or_gone(conn, draft_id, donor_id)

    def open_or_gone(self, conn: Connection, draft_id: int, donor_id: int) -> Draft:
        """Raises DraftGone. The row stays locked until the transaction ends."""
        lock(conn, draft_id)
        row = conn.execute(select(drafts).where(f.id == draft_id)).one_or_none()
        if row is None or row.donor_id != donor_id or row.status != DraftStatus.OPEN or self._too_old(row):
            raise DraftGone
        return self._from_row(conn, row)

    def _open_draft(self, conn: Connection, donor_id: int) -> Draft | None:
        query = select(drafts).where(f.donor_id == donor_id, f.status == DraftStatus.OPEN)
        row = conn.execute(query).one_or_none()
        return None if row is None or self._too_old(row) else self._from_row(conn, row)

    def _too_old(self, row: Any) -> bool:
        expired: bool = self._now() - row.moved_at > LIFE
        return expired

    def _from_row(self, conn: Connection, row: Any) -> Draft:
        campaign = campaigns.load_one(conn, campaigns.c.id == row.campaign_id) if row.campaign_id else None
        amount = Money(row.amount_minor) if row.amount_minor else None
        phone = phones.unseal(self._vault, row.phone_sealed, phone_place(row.id)) if row.phone_sealed else None
        return Draft(row.id, row.donor_id, campaign, amount, phone, row.moved_by)


def phone_place(draft_id: int) -> bytes:
    return place(f.phone_sealed, draft_id)


def lock(conn: Connection, draft_id: int) -> None:
    """Of taps at the same instant, in several processes, one goes first."""
    conn.execute(select(f.id).where(f.id == draft_id).with_for_update())


def confirm(conn: Connection, draft_id: int) -> None:
    conn.execute(update(drafts).where(f.id == draft_id).values(status=DraftStatus.CONFIRMED))
