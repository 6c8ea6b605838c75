"""What was changed about who may do what: written down by whom, and told to everybody with a role."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from fundraising.people import roles
from fundraising.people.news import TellRoleChange
from fundraising.people.roles import GUARDED_TO_GIVE, GUARDED_TO_TAKE, Role
from storage import jobs
from storage.role_tables import role_changes
from storage.vault import Vault

c = role_changes.c


class Action(StrEnum):
    GIVE = "give"
    TAKE = "take"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Change:
    """To a person's roles or accounts: a role is given or taken, or a chat linked."""

    action: Action
    person_id: int
    role: Role | None = None
    chat_id: int | None = None

    @property
    def is_guarded(self) -> bool:
        """Whether somebody alone could become two with it, or rid of those who say no."""
        guarded = {Action.GIVE: GUARDED_TO_GIVE, Action.TAKE: GUARDED_TO_TAKE, Action.LINK: (None,)}
        return self.role in guarded[self.action]


@dataclass(frozen=True, slots=True)
class Said:
    """A change as it was made, with names."""

    change: Change
    person: str
    by: str | None  # None: at the server
    confirmer: str | None
    due_at: datetime | None
    done_at: datetime | None


def note(
    conn: Connection, change: Change, by: int | None, confirmer: int | None, now: datetime, due: datetime | None = None
) -> int:
    """Tells everybody with a role but who does it now. `due`: it is done then; None: it is done now."""
    row = {"action": change.action, "person_id": change.person_id, "role": change.role, "chat_id": change.chat_id}
    row |= {"by_id": by, "confirmer_id": confirmer, "said_at": now, "due_at": due, "done_at": None if due else now}
    change_id: int = conn.scalars(insert(role_changes).values(**row).returning(c.id)).one()
    tell(conn, change_id, change, now, besides=confirmer or by)
    return change_id


def tell(conn: Connection, change_id: int, change: Change, now: datetime, besides: int | None = None) -> None:
    concerned = {*roles.holders(conn, Role.VIEWER), change.person_id} - {besides}
    jobs.add(conn, [TellRoleChange(chat, change_id) for chat in roles.chats_of(conn, concerned)], now)


def waiting(conn: Connection, change_id: int) -> tuple[Change, int | None] | None:
    """A change that was put off and still is to come, and who wanted it."""
    row = conn.execute(select(role_changes).where(c.id == change_id, c.done_at.is_(None))).one_or_none()
    if row is None or row.due_at is None:
        return None
    return Change(Action(row.action), row.person_id, Role(row.role) if row.role else None, row.chat_id), row.by_id


def done(conn: Connection, change_id: int, now: datetime) -> None:
    conn.execute(update(role_changes).where(c.id == change_id).values(done_at=now))


def call_off(conn: Connection, change: Change) -> None:
    """What was to come of this kind comes no more."""
    same = (c.person_id == change.person_id, c.role == change.role, c.done_at.is_(None))
    conn.execute(update(role_changes).where(*same).values(due_at=None))


def load(conn: Connection, vault: Vault, change_id: int) -> Said:
    row = conn.execute(select(role_changes).where(c.id == change_id)).one()
    change = Change(Action(row.action), row.person_id, Role(row.role) if row.role else None, row.chat_id)
    by, confirmer = (
        roles.name_of(conn, vault, person) if person is not None else None for person in (row.by_id, row.confirmer_id)
    )
    return Said(change, roles.name_of(conn, vault, row.person_id), by, confirmer, row.due_at, row.done_at)
