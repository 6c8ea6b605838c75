"""Keys of the HTTP API. A key acts as its person, as far as both its role and the person's roles go.

Whoever may type `trustvoice api-key create` at the server could read the database and its secret as well: that shell is
the root of trust, so it names new people without a second owner's consent. The owners are told of every key.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from fundraising import names
from fundraising.outages import is_outage
from fundraising.people import grants, roles
from fundraising.people.news import TellKeyMade
from fundraising.people.roles import Person, Role
from fundraising.refusals import NoSuchApiKey, NoSuchPerson, OwnerKeyNeedsOwner
from storage import jobs
from storage.api_tables import api_keys
from storage.database import Database
from storage.payout_tables import accounts, people
from storage.payout_tables import roles as role_rows
from storage.places import next_id, place
from storage.vault import Vault

log = logging.getLogger(__name__)
k = api_keys.c
USE_NOTED_EVERY = timedelta(minutes=1)


class KeyRole(StrEnum):
    VIEWER = "viewer"
    MAKER = "maker"
    CHECKER = "checker"
    OWNER = "owner"
    ADMIN = "admin"  # maker and checker in one; another than its own request it may approve


GIVES: dict[KeyRole, frozenset[Role]] = {
    KeyRole.VIEWER: frozenset({Role.VIEWER}),
    KeyRole.MAKER: frozenset({Role.MAKER}),
    KeyRole.CHECKER: frozenset({Role.CHECKER}),
    KeyRole.OWNER: frozenset({Role.OWNER}),
    KeyRole.ADMIN: frozenset({Role.MAKER, Role.CHECKER}),
}


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: int
    name: str
    role: KeyRole
    person: Person
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    def may(self, role: Role) -> bool:
        """As far as can be seen now; the transaction that acts asks again whether the person may."""
        return any(role in roles.INCLUDES[given] for given in GIVES[self.role]) and self.person.may(role)


class ApiKeys:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]):
        self._database, self._vault, self._now = database, vault, now

    async def create(
        self, key: str, name: str, role: KeyRole, person_id: int | None = None, life: timedelta | None = None
    ) -> ApiKey:
        """`key`: random, known to the caller alone; only its hash is kept. Without a person, one is made for it.

        Raises NoSuchPerson, OwnerKeyNeedsOwner.
        """

        def fn(conn: Connection) -> ApiKey:
            now = self._now()
            person = self._person(conn, person_id, role) if person_id else self._new_person(conn, name, role)
            key_id = next_id(conn, api_keys)
            row = {
                "id": key_id,
                "key_hash": hash_of(key),
                "name_sealed": self._vault.seal_text(names.tidy(name), place(k.name_sealed, key_id)),
                "role": role,
                "person_id": person,
                "created_at": now,
                "expires_at": now + life if life else None,
            }
            conn.execute(insert(api_keys).values(**row))
            self._put_mac(conn, key_id)
            chats = roles.chats_of(conn, roles.holders(conn, Role.OWNER))
            jobs.add(conn, [TellKeyMade(chat, key_id) for chat in chats], now)
            return self._load(conn, k.id == key_id)[0]

        return await self._database.write(fn)

    async def recognise(self, key: str) -> ApiKey | None:
        """The key as it may act now; None for one that is unknown, revoked or over. Notes that it was used."""
        known = await self._database.read(lambda conn: self._load(conn, k.key_hash == hash_of(key)))
        now = self._now()
        usable = [each for each in known if not each.revoked_at and not (each.expires_at and each.expires_at <= now)]
        if not usable:
            return None
        [found] = usable
        if found.last_used_at is None or now - found.last_used_at >= USE_NOTED_EVERY:
            await self._note_use(found.id, now)
        return found

    async def all(self) -> list[ApiKey]:
        return await self._database.read(lambda conn: self._load(conn))

    async def find(self, key_id: int) -> ApiKey:
        """Raises NoSuchApiKey."""
        found = await self._database.read(lambda conn: self._load(conn, k.id == key_id))
        if not found:
            raise NoSuchApiKey
        return found[0]

    async def revoke(self, key_id: int) -> None:
        """For ever. A person who is nobody but this key loses their roles, so that approvals by it count no more.

        Raises NoSuchApiKey.
        """

        def fn(conn: Connection) -> None:
            found = self._load(conn, k.id == key_id)
            if not found:
                raise NoSuchApiKey
            person_id, now = found[0].person.id, self._now()
            lock_keys_of(conn, person_id)
            conn.execute(update(api_keys).where(k.id == key_id, k.revoked_at.is_(None)).values(revoked_at=now))
            self._put_mac(conn, key_id)
            take_roles_of_nobody(conn, person_id, now)

        await self._database.write(fn)

    async def _note_use(self, key_id: int, now: datetime) -> None:
        """While nothing can be stored, what is there can still be looked at."""
        try:
            await self._database.write(lambda conn: note_use(conn, key_id, now))
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("the use of API key %s could not be noted: %s", key_id, type(error).__name__)

    def _person(self, conn: Connection, person_id: int, role: KeyRole) -> int:
        if conn.scalar(select(people.c.id).where(people.c.id == person_id)) is None:
            raise NoSuchPerson
        if role is KeyRole.OWNER and person_id not in roles.holders(conn, Role.OWNER):
            raise OwnerKeyNeedsOwner
        return person_id

    def _new_person(self, conn: Connection, name: str, role: KeyRole) -> int:
        if role is KeyRole.OWNER:
            raise OwnerKeyNeedsOwner
        person_id = roles.add_person(conn, self._vault, name, self._now())
        for given in sorted(GIVES[role]):
            roles.give(conn, self._vault, person_id, given, self._now())
        return person_id

    def _put_mac(self, conn: Connection, key_id: int) -> None:
        row = conn.execute(select(api_keys).where(k.id == key_id)).one()
        conn.execute(update(api_keys).where(k.id == key_id).values(mac=grants.key_mac(self._vault, row)))

    def _load(self, conn: Connection, *where: Any) -> list[ApiKey]:
        return [self._from_row(conn, row) for row in conn.execute(select(api_keys).where(*where).order_by(k.id))]

    def _from_row(self, conn: Connection, row: Any) -> ApiKey:
        person = roles.load(conn, self._vault, row.person_id)
        moments = (row.created_at, row.expires_at, row.last_used_at, row.revoked_at)
        name = self._vault.open_text(row.name_sealed, place(k.name_sealed, row.id))
        return ApiKey(row.id, name, KeyRole(row.role), person, *moments)


def hash_of(key: str) -> bytes:
    """The keys are 256 random bits: no salt and no slow hash could make them harder to guess."""
    return hashlib.sha256(key.encode(errors="surrogateescape")).digest()


def note_use(conn: Connection, key_id: int, now: datetime) -> None:
    """Of many requests at once, one writes."""
    stale = or_(k.last_used_at.is_(None), k.last_used_at <= now - USE_NOTED_EVERY)
    conn.execute(update(api_keys).where(k.id == key_id, stale).values(last_used_at=now))


def lock_keys_of(conn: Connection, person_id: int) -> None:
    """Two keys taken back at once come one after the other, so that the second finds no other one."""
    conn.execute(select(k.id).where(k.person_id == person_id).order_by(k.id).with_for_update())


def take_roles_of_nobody(conn: Connection, person_id: int, now: datetime) -> None:
    """Of a person who has neither Telegram nor another key. An owner is never made by a key, so none is lost here."""
    account = select(accounts.c.chat_id).where(accounts.c.person_id == person_id)
    holds = and_(k.revoked_at.is_(None), or_(k.expires_at.is_(None), k.expires_at > now))
    other_key = select(k.id).where(k.person_id == person_id, holds)
    if conn.execute(account.limit(1)).first() is None and conn.execute(other_key.limit(1)).first() is None:
        conn.execute(delete(role_rows).where(role_rows.c.person_id == person_id, role_rows.c.role != Role.OWNER))
