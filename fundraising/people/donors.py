"""People who give. A donor who came through Telegram has a chat; one who came through the HTTP API may have none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from fundraising.people import phones
from fundraising.refusals import NoSuchDonor
from mpesa.msisdn import Msisdn
from storage.database import Database
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


class Donors:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]):
        self._database, self._vault, self._now = database, vault, now

    async def arrive(self, chat_id: int, name: str, language: str | None) -> Donor:
        """The donor of this chat, new or known; whoever writes to us can be reached again."""
        known = await self._database.read(lambda conn: self._of_chat(conn, chat_id))
        if known and known.reachable:
            return known
        return await self._database.write(lambda conn: self._let_in(conn, chat_id, name, language))

    async def without_chat(self, name: str) -> Donor:
        """A new donor who is not in Telegram."""
        row = {"name_sealed": self._vault.seal_text(name), "created_at": self._now()}
        add = insert(donors).values(**row).returning(d.id)
        donor_id = await self._database.write(lambda conn: conn.scalars(add).one())
        return Donor(donor_id, None, None, None, reachable=True)

    async def find(self, donor_id: int) -> Donor | None:
        return await self._database.read(lambda conn: self._load(conn, d.id == donor_id))

    async def of_chat(self, chat_id: int) -> Donor | None:
        return await self._database.read(lambda conn: self._of_chat(conn, chat_id))

    async def lost(self, chat_id: int) -> None:
        """Blocked the bot, or the chat is gone: nothing is sent there until they come back."""
        statement = update(donors).where(d.chat_id == chat_id, d.unreachable_since.is_(None))
        await self._database.write(lambda conn: conn.execute(statement.values(unreachable_since=self._now())).rowcount)

    def _let_in(self, conn: Connection, chat_id: int, name: str, language: str | None) -> Donor:
        if self._of_chat(conn, chat_id):
            conn.execute(update(donors).where(d.chat_id == chat_id).values(unreachable_since=None))
        else:
            row = {"chat_id": chat_id, "name_sealed": self._vault.seal_text(name), "language": language}
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
        phone = phones.unseal(self._vault, row.phone_sealed) if row.phone_sealed else None
        return Donor(row.id, row.chat_id, row.language, phone, row.unreachable_since is None)


def remember_phone(conn: Connection, vault: Vault, donor_id: int, phone: Msisdn) -> None:
    """Raises NoSuchDonor."""
    found = conn.execute(update(donors).where(d.id == donor_id).values(phone_sealed=phones.seal(vault, phone)))
    if not found.rowcount:
        raise NoSuchDonor
