"""Who may do what with money that goes out. A role is checked in the transaction that does it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from fundraising import names
from fundraising.people import grants
from fundraising.refusals import NotAllowed
from storage.payout_tables import accounts, people, roles
from storage.places import next_id, place
from storage.vault import Vault

a, r = accounts.c, roles.c


class Role(StrEnum):
    VIEWER = "viewer"
    MAKER = "maker"  # may request
    CHECKER = "checker"  # may approve
    OWNER = "owner"  # is maker and checker too; names people and unfreezes


INCLUDES: dict[Role, frozenset[Role]] = {
    Role.VIEWER: frozenset({Role.VIEWER}),
    Role.MAKER: frozenset({Role.MAKER, Role.VIEWER}),
    Role.CHECKER: frozenset({Role.CHECKER, Role.VIEWER}),
    Role.OWNER: frozenset(Role),
}
NAMELESS = "?"  # of a name in which nothing can be seen
GUARDED_TO_GIVE = (Role.MAKER, Role.CHECKER, Role.OWNER)  # one person as maker and checker would be two pairs of eyes
OWNERS_NEEDED = 2  # before money is sent: one alone could be maker and checker by two accounts, and nobody says no
GUARDED_TO_TAKE = (Role.CHECKER, Role.OWNER)  # who could have said no


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    roles: frozenset[Role]
    chat_ids: tuple[int, ...]

    def may(self, role: Role) -> bool:
        return any(role in INCLUDES[held] for held in self.roles)

    @property
    def sees_people(self) -> bool:
        """Who decides where money goes must be able to compare names and whole numbers; nobody else needs them."""
        return self.may(Role.MAKER) or self.may(Role.CHECKER)


def of_chat(conn: Connection, vault: Vault, chat_id: int) -> Person | None:
    person_id = conn.scalar(select(a.person_id).where(a.chat_id == chat_id))
    return load(conn, vault, person_id) if person_id else None


def load(conn: Connection, vault: Vault, person_id: int) -> Person:
    """Without a role, where one of the person's grants is not genuine."""
    held = frozenset(Role(role) for role in conn.scalars(select(r.role).where(r.person_id == person_id)))
    if held and not grants.are_genuine(conn, vault, person_id):
        held = frozenset()
    chats = conn.scalars(select(a.chat_id).where(a.person_id == person_id).order_by(a.chat_id))
    return Person(person_id, name_of(conn, vault, person_id), held, tuple(chats))


def name_of(conn: Connection, vault: Vault, person_id: int | None) -> str:
    if person_id is None:
        return "TrustVoice"
    return name_in(conn.execute(select(people.c.id, people.c.name_sealed).where(people.c.id == person_id)).one(), vault)


def name_in(row: Any, vault: Vault) -> str:
    return vault.open_text(row.name_sealed, place(people.c.name_sealed, row.id))


def add_person(conn: Connection, vault: Vault, name: str, now: datetime) -> int:
    person_id = next_id(conn, people)
    sealed = vault.seal_text(names.tidy(name) or NAMELESS, place(people.c.name_sealed, person_id))
    conn.execute(insert(people).values(id=person_id, name_sealed=sealed, created_at=now))
    return person_id


def demand(conn: Connection, person_id: int, role: Role) -> None:
    """Raises NotAllowed. Call it in the transaction that acts."""
    held = conn.scalars(select(r.role).where(r.person_id == person_id).with_for_update())
    if not any(role in INCLUDES[Role(each)] for each in held):
        raise NotAllowed(role)


def holders(conn: Connection, *wanted: Role) -> list[int]:
    """Ids of the people who hold, or whose role includes, one of these."""
    including = [role for role in Role if INCLUDES[role] & set(wanted)]
    query = select(r.person_id).where(r.role.in_(including)).distinct().order_by(r.person_id)
    return list(conn.scalars(query))


def chats_of(conn: Connection, person_ids: Iterable[int]) -> list[int]:
    return list(conn.scalars(select(a.chat_id).where(a.person_id.in_(list(person_ids))).order_by(a.chat_id)))


def lock_owners(conn: Connection) -> None:
    """Changes of who has a role come one after the other, as soon as there is an owner."""
    conn.execute(select(r.person_id).where(r.role == Role.OWNER).order_by(r.person_id).with_for_update())


def count_of_owners(conn: Connection) -> int:
    return conn.scalar(select(func.count()).select_from(roles).where(r.role == Role.OWNER)) or 0


def give(conn: Connection, vault: Vault, person_id: int, role: Role, now: datetime) -> None:
    mac = grants.role_mac(vault, person_id, role, now)
    new = insert_or_ignore(roles).values(person_id=person_id, role=role, since=now, mac=mac)
    conn.execute(new.on_conflict_do_nothing())


def take(conn: Connection, person_id: int, role: Role) -> None:
    conn.execute(delete(roles).where(r.person_id == person_id, r.role == role))


def link(conn: Connection, vault: Vault, person_id: int, chat_id: int) -> None:
    mac = grants.account_mac(vault, chat_id, person_id)
    conn.execute(insert(accounts).values(chat_id=chat_id, person_id=person_id, mac=mac))
