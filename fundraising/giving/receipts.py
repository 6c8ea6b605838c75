"""Receipts by e-mail, for donors who ask for them."""

from sqlalchemy import Connection, select, update

from fundraising.giving import donation as rows
from fundraising.giving.donation import Donation
from fundraising.people import emails
from fundraising.people.emails import EmailAddress
from fundraising.refusals import NoMail, NoSuchDonor
from fundraising.statuses import DonationStatus
from storage.database import Database
from storage.places import place
from storage.tables import donations, donors
from storage.vault import Vault

d = donors.c
MAY_STILL_ARRIVE = (DonationStatus.PENDING, DonationStatus.FAILED)


class Receipts:
    def __init__(self, database: Database, vault: Vault, sends_mail: bool):
        self._database, self._vault, self.sends_mail = database, vault, sends_mail

    async def ask(self, donor_id: int, typed: str) -> EmailAddress:
        """For every gift from now on, also those whose outcome is still to come.

        Raises NoMail, NotAnEmailAddress, NoSuchDonor.
        """
        if not self.sends_mail:
            raise NoMail
        address = emails.parse(typed)
        sealed = emails.seal(self._vault, address, place(d.email_sealed, donor_id))
        remember = update(donors).where(d.id == donor_id).values(email_sealed=sealed)
        given = update(donations).where(rows.d.donor_id == donor_id, rows.d.status.in_(MAY_STILL_ARRIVE))

        def fn(conn: Connection) -> EmailAddress:
            if not conn.execute(remember).rowcount:
                raise NoSuchDonor
            conn.execute(given.values(receipt_by_mail=True))
            return address

        return await self._database.write(fn)

    async def stop(self, donor_id: int) -> None:
        """Also for what waits to be sent: the address is forgotten."""
        forget = update(donors).where(d.id == donor_id).values(email_sealed=None)
        await self._database.write(lambda conn: conn.execute(forget).rowcount)

    async def address(self, donor_id: int) -> EmailAddress | None:
        sealed = await self._database.read(lambda conn: conn.scalar(select(d.email_sealed).where(d.id == donor_id)))
        return emails.unseal(self._vault, sealed, place(d.email_sealed, donor_id)) if sealed else None

    async def latest(self, donor_id: int) -> Donation | None:
        """The newest gift that arrived."""
        arrived = (rows.d.donor_id == donor_id, rows.d.status == DonationStatus.COMPLETED)
        found = await self._database.read(lambda conn: rows.newest(conn, 1, *arrived))
        return found[0] if found else None
