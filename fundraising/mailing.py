"""What is told by e-mail: the jobs, staged by the transaction that made it true, and to whom each goes.

A job holds ids only. The address is read when the mail is sent: whoever took it back in between gets none.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Column, Connection, Executable, exists, select

from fundraising.lanes import MAIL
from fundraising.people import emails
from fundraising.people.emails import EmailAddress
from fundraising.people.ngos import IS_PAID
from storage.database import Database
from storage.jobs import Job
from storage.payout_tables import accounts, ngos, payouts, people, roles
from storage.places import place
from storage.tables import donors
from storage.vault import Vault


@dataclass(frozen=True)
class MailReceipt(Job):
    lane: ClassVar = MAIL
    donation_id: int
    late: bool = False  # after the donor may have read that it failed


@dataclass(frozen=True)
class MailAboutPayout(Job):
    lane: ClassVar = MAIL
    person_id: int
    payout_id: int
    version: int
    news: str


@dataclass(frozen=True)
class MailBatchResult(Job):
    lane: ClassVar = MAIL
    person_id: int
    batch_id: int


@dataclass(frozen=True)
class MailRecipient(Job):
    lane: ClassVar = MAIL
    payout_id: int


@dataclass(frozen=True, slots=True)
class Addressee:
    address: EmailAddress
    language: str | None  # as Telegram named it; None for those who are not there


class Mailing:
    """To whom a mail goes: None when nobody is to get it (any more)."""

    def __init__(self, database: Database, vault: Vault):
        self._database, self._vault = database, vault

    async def donor(self, donor_id: int) -> Addressee | None:
        found = select(donors.c.id, donors.c.email_sealed, donors.c.language).where(donors.c.id == donor_id)
        return await self._addressee(found, donors.c.email_sealed)

    async def person(self, person_id: int) -> Addressee | None:
        """Only while the person has a role."""
        language = (
            select(donors.c.language)
            .join(accounts, accounts.c.chat_id == donors.c.chat_id)
            .where(accounts.c.person_id == person_id)
            .limit(1)
        )
        still_here = exists().where(roles.c.person_id == person_id)
        found = select(people.c.id, people.c.email_sealed, language.scalar_subquery()).where(people.c.id == person_id)
        return await self._addressee(found.where(still_here), people.c.email_sealed)

    async def recipient(self, payout_id: int) -> Addressee | None:
        """The address given with the payout, else that of the saved recipient."""
        joined = payouts.outerjoin(ngos, IS_PAID)
        joined = joined.outerjoin(donors, donors.c.chat_id == ngos.c.chat_id)
        own = select(payouts.c.id, payouts.c.recipient_email_sealed, donors.c.language)
        saved = select(ngos.c.id, ngos.c.email_sealed, donors.c.language)
        of_this = payouts.c.id == payout_id
        found = await self._addressee(own.select_from(joined).where(of_this), payouts.c.recipient_email_sealed)
        return found or await self._addressee(saved.select_from(joined).where(of_this), ngos.c.email_sealed)

    def message_id(self, name: str) -> str:
        """The same for the same mail however often it is sent; it tells outsiders nothing."""
        return self._vault.index(f"e-mail {name}")[:16].hex()

    async def _addressee(self, query: Executable, column: Column[Any]) -> Addressee | None:
        """`query`: for a row's id, its sealed address, which `column` holds, and the language."""

        def fn(conn: Connection) -> Addressee | None:
            row = conn.execute(query).one_or_none()
            if row is None or row[1] is None:
                return None
            return Addressee(emails.unseal(self._vault, row[1], place(column, row[0])), row[2])

        return await self._database.read(fn)
