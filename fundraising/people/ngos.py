"""Whom money is paid to again and again: NGOs and beneficiaries, saved with name and phone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, select

from fundraising import names
from fundraising.people import emails, phones, roles
from fundraising.people.likeness import alike
from fundraising.people.news import TellNgoSaved
from fundraising.people.roles import Role
from fundraising.refusals import BadPayout, LooksSaved, NoSuchNgo
from mpesa.masking import HIDDEN
from mpesa.msisdn import Msisdn
from storage import jobs
from storage.database import Database
from storage.payout_tables import ngos, payouts
from storage.places import next_id, place
from storage.vault import Vault

NAME_LENGTH = 80
# A payout that names a saved recipient, and goes to its phone: only then has it something to be told.
IS_PAID = and_(ngos.c.id == payouts.c.ngo_id, ngos.c.phone_index == payouts.c.phone_index)


@dataclass(frozen=True, slots=True)
class Ngo:
    id: int
    name: str
    phone: Msisdn
    chat_id: int | None

    def for_viewers(self) -> "Ngo":
        return replace(self, name=HIDDEN)


class Ngos:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]):
        self._database, self._vault, self._now = database, vault, now

    async def add(
        self,
        name: str,
        phone: Msisdn,
        chat_id: int | None = None,
        email: str | None = None,
        by: int | None = None,
        is_meant: bool = True,
    ) -> Ngo:
        """`chat_id`, `email`: where the recipient reads what arrived. Everybody else who approves payouts is told.

        Raises BadPayout for a name that cannot be, NotAnEmailAddress; LooksSaved unless it is said to be meant.
        """
        name = names.tidy(name)
        if len(name) > NAME_LENGTH or not names.says_something(name):
            raise BadPayout
        address = emails.parse_typed(email)

        def fn(conn: Connection) -> Ngo:
            if not is_meant:
                self._demand_new(conn, name, phone)
            ngo_id = next_id(conn, ngos)
            row = {
                "id": ngo_id,
                "name_sealed": self._vault.seal_text(name, place(ngos.c.name_sealed, ngo_id)),
                "phone_sealed": phones.seal(self._vault, phone, place(ngos.c.phone_sealed, ngo_id)),
                "phone_index": phones.index(self._vault, phone),
                "chat_id": chat_id,
                "email_sealed": emails.seal_any(self._vault, address, place(ngos.c.email_sealed, ngo_id)),
                "created_at": self._now(),
            }
            conn.execute(insert(ngos).values(**row))
            others = [person for person in roles.holders(conn, Role.CHECKER) if person != by]
            told = [TellNgoSaved(chat, ngo_id, by) for chat in roles.chats_of(conn, others)]
            jobs.add(conn, told, self._now())
            return Ngo(ngo_id, name, phone, chat_id)

        return await self._database.write(fn)

    def _demand_new(self, conn: Connection, name: str, phone: Msisdn) -> None:
        """Raises LooksSaved."""
        for row in conn.execute(select(ngos).order_by(ngos.c.id.desc())):
            saved = from_row(row, self._vault)
            if saved.phone == phone or alike(saved.name, name):
                raise LooksSaved(saved.id, saved.name, saved.phone.local)

    async def all(self) -> list[Ngo]:
        def fn(conn: Connection) -> list[Ngo]:
            return [from_row(row, self._vault) for row in conn.execute(select(ngos).order_by(ngos.c.id))]

        return await self._database.read(fn)

    async def newest(self, before: int | None, limit: int) -> list[Ngo]:
        """The newest first; the next page is `before` the last id of this one."""
        query = select(ngos).order_by(ngos.c.id.desc()).limit(limit)
        older = query.where(ngos.c.id < before) if before else query
        return await self._database.read(lambda conn: [from_row(row, self._vault) for row in conn.execute(older)])

    async def find(self, ngo_id: int) -> Ngo:
        """Raises NoSuchNgo."""

        def fn(conn: Connection) -> Ngo:
            row = conn.execute(select(ngos).where(ngos.c.id == ngo_id)).one_or_none()
            if row is None:
                raise NoSuchNgo
            return from_row(row, self._vault)

        return await self._database.read(fn)


def from_row(row: Any, vault: Vault) -> Ngo:
    name = vault.open_text(row.name_sealed, place(ngos.c.name_sealed, row.id))
    return Ngo(row.id, name, phones.unseal(vault, row.phone_sealed, place(ngos.c.phone_sealed, row.id)), row.chat_id)


def of_phone(conn: Connection, phone_index: bytes) -> int | None:
    """The newest saved under this number."""
    query = select(ngos.c.id).where(ngos.c.phone_index == phone_index).order_by(ngos.c.id.desc()).limit(1)
    found: int | None = conn.scalar(query)
    return found
