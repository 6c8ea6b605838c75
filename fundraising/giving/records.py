"""Donations as other programs read them: with what storage keeps sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from fundraising.giving import donation as rows
from fundraising.giving.donation import Donation
from fundraising.people import phones
from fundraising.refusals import NoSuchDonation
from fundraising.statuses import DonationStatus
from mpesa.masking import mask_checkout_id
from mpesa.msisdn import Msisdn
from storage.database import Database
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class DonationRecord:
    donation: Donation
    phone: Msisdn
    checkout_id: str | None

    @property
    def id(self) -> int:
        return self.donation.id

    def for_viewers(self) -> "DonationRecord":
        """For those who may not see people: newer CheckoutRequestIDs end in the payer's number."""
        return replace(self, checkout_id=mask_checkout_id(self.checkout_id) if self.checkout_id else None)


class DonationRecords:
    def __init__(self, database: Database, vault: Vault):
        self._database, self._vault = database, vault

    async def find(self, donation_id: int) -> DonationRecord:
        """Raises NoSuchDonation."""
        found = await self._database.read(lambda conn: self._records(conn, rows.load(conn, rows.d.id == donation_id)))
        if not found:
            raise NoSuchDonation
        return found[0]

    async def newest(
        self, status: DonationStatus | None, campaign_id: int | None, before: int | None, limit: int
    ) -> list[DonationRecord]:
        """The newest first; the next page is `before` the last id of this one."""
        where = []
        if status:
            where.append(rows.d.status == status)
        if campaign_id:
            where.append(rows.d.campaign_id == campaign_id)
        if before:
            where.append(rows.d.id < before)
        return await self._database.read(lambda conn: self._records(conn, rows.newest(conn, limit, *where)))

    def _records(self, conn: Connection, found: Sequence[Donation]) -> list[DonationRecord]:
        query = select(rows.d.id, rows.d.phone_sealed, rows.d.checkout_sealed)
        within = query.where(rows.d.id.in_([donation.id for donation in found]))
        opened = {row.id: self._open(row) for row in conn.execute(within)}
        return [DonationRecord(donation, *opened[donation.id]) for donation in found]

    def _open(self, row: Any) -> tuple[Msisdn, str | None]:
        where, sealed = rows.checkout_place(row.id), row.checkout_sealed
        checkout_id = self._vault.open_text(sealed, where) if sealed else None
        return phones.unseal(self._vault, row.phone_sealed, rows.phone_place(row.id)), checkout_id
