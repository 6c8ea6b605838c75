"""People who give. A donor who came through Telegram has a chat; one who came through the HTTP API may have none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from fundraising import names
from fundraising.people import emails, phones
from fundraising.refusals import NoSuchDonor
from mpesa.msisdn import Msisdn
from storage.database import Database
from storage.places import next_id, place
from storage.tables import donors
from storage.vault import Vault

d = donors.c


@dataclass(frozen=True, slots=True)
class Donor:
    id: int
    chat_id: int | None
    language: str | None
    last_phone: Msisdn | None
    reachable: bool
    asked_to_share: bool = False  # the button that shares a number stands below the chat


@dataclass(frozen=True, slots=True)
class Listed:
    id: int
    name: str | None
    created_at: datetime


class Donors:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]):
        self._database, self._vault, self._now = database, vault, now

    async def arrive(self, chat_id: int, name: str, language: str | None) -> Donor:
        """The donor of this chat, new or known; whoever writes to us can be reached again."""
        known = await self._database.read(lambda conn: self._of_chat(conn, chat_id))
        if known and known.reachable:
            return known
        return await self._database.write(lambda conn: self._let_in(conn, chat_id, name, language))

    async def without_chat(self, name: str, email: str | None = None) -> Donor:
        """A new donor who is not in Telegram. `email`: where receipts are wanted. Raises NotAnEmailAddress."""
        address, name = emails.parse_typed(email), names.tidy(name)

        def fn(conn: Connection) -> Donor:
            donor_id = next_id(conn, donors)
            row = {"id": donor_id, "name_sealed": self._vault.seal_text(name, place(d.name_sealed, donor_id))}
            row["email_sealed"] = emails.seal_any(self._vault, address, place(d.email_sealed, donor_id))
            conn.execute(insert(donors).values(created_at=self._now(), **row))
            return Donor(donor_id, None, None, None, reachable=True)

        return await self._database.write(fn)

    async def find(self, donor_id: int) -> Donor | None:
        return await self._database.read(lambda conn: self._load(conn, d.id == donor_id))

    async def listed(self, donor_id: int) -> Listed:
        """Raises NoSuchDonor."""
        query = select(d.id, d.name_sealed, d.created_at).where(d.id == donor_id)
        row = await self._database.read(lambda conn: conn.execute(query).one_or_none())
        if row is None:
            raise NoSuchDonor
        return self._listed(row)

    async def newest(self, before: int | None, limit: int) -> list[Listed]:
        """The newest first; the next page is `before` the last id of this one."""
        query = select(d.id, d.name_sealed, d.created_at).order_by(d.id.desc()).limit(limit)
        older = query.where(d.id < before) if before else query
        return await self._database.read(lambda conn: [self._listed(row) for row in conn.execute(older)])

    def _listed(self, row: Any) -> Listed:
        where = place(d.name_sealed, row.id)
        return Listed(
            row.id, self._vault.open_text(row.name_sealed, where) if row.name_sealed else None, row.created_at
        )

    async def of_chat(self, chat_id: int) -> Donor | None:
        return await self._database.read(lambda conn: self._of_chat(conn, chat_id))

    async def ask_to_share(self, donor_id: int, asked: bool) -> None:
        """Whether the button that shares a number is shown now."""
        noted = update(donors).where(d.id == donor_id).values(asked_to_share=asked)
        await self._database.write(lambda conn: conn.execute(noted).rowcount)

    async def lost(self, chat_id: int) -> None:
        """Blocked the bot, or the chat is gone: nothing is sent there until they come back."""
        statement = update(donors).where(d.chat_id == chat_id, d.unreachable_since.is_(None))
        await self._database.write(lambda conn: conn.execute(statement.values(unreachable_since=self._now())).rowcount)

    def _let_in(self, conn: Connection, chat_id: int, name: str, language: str | None) -> Donor:
        if self._of_chat(conn, chat_id):
            conn.execute(update(donors).where(d.chat_id == chat_id).values(unreachable_since=None))
        else:
            donor_id = next_id(conn, donors)
            sealed = self._vault.seal_text(names.tidy(name), place(d.name_sealed, donor_id))
            row = {"id": donor_id, "chat_id": chat_id, "name_sealed": sealed, "language": language}
            conn.execute(insert(donors).values(created_at=self._now(), **row))
        donor = self._of_chat(conn, chat_id)
        assert donor
        return donor

    def _of_chat(self, conn: Connection, chat_id: int) -> Donor | None:
        return self._load(conn, d.chat_id == chat_id)

    def _load(self, conn: Connection, where: Any) -> Donor | None:
        row = conn.execute(select(donors).where(where)).one_or_none()
        if row is None:
            return None
        phone = (
            phones.unseal(self._vault, row.phone_sealed, place(d.phone_sealed, row.id)) if row.phone_sealed else None
        )
        reachable, asked = row.unreachable_since is None, bool(row.asked_to_share)
        return Donor(row.id, row.chat_id, row.language, phone, reachable, asked)


def remember_phone(conn: Connection, vault: Vault, donor_id: int, phone: Msisdn) -> bool:
    """Whether this donor has asked for receipts by e-mail. Raises NoSuchDonor."""
    sealed = phones.seal(vault, phone, place(d.phone_sealed, donor_id))
    remember = update(donors).where(d.id == donor_id).values(phone_sealed=sealed)
    row = conn.execute(remember.returning(d.email_sealed)).one_or_none()  # SQLite 3.40 errs on IS NOT NULL in RETURNING
    if row is None:
        raise NoSuchDonor
    return row.email_sealed is not None
