"""Naming people: the first owners, and everybody after them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from fundraising.paying.news import AskSecondOwner
from fundraising.people import roles
from fundraising.people.roles import GUARDED, Person, Role
from fundraising.refusals import LastOwner, NoSuchPerson, NotYourOwnProposal, ProposalGone
from storage import jobs
from storage.database import Database
from storage.payout_tables import people, role_proposals
from storage.payout_tables import roles as role_rows
from storage.vault import Vault

p = role_proposals.c


@dataclass(frozen=True, slots=True)
class Proposal:
    id: int
    person: Person
    role: Role
    proposer_id: int | None


class Staff:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]):
        self._database, self._vault, self._now = database, vault, now

    async def name_first_owners(self, chat_ids: Iterable[int]) -> None:
        """Only while nobody has a role."""
        wanted = list(chat_ids)

        def fn(conn: Connection) -> None:
            if not conn.scalar(select(func.count()).select_from(role_rows)):
                for chat_id in wanted:
                    roles.give(conn, self._person_of(conn, chat_id, f"Owner {chat_id}"), Role.OWNER)

        await self._database.write(fn)

    async def of_chat(self, chat_id: int) -> Person | None:
        return await self._database.read(lambda conn: roles.of_chat(conn, self._vault, chat_id))

    async def all(self) -> list[Person]:
        def fn(conn: Connection) -> list[Person]:
            ids = conn.scalars(select(people.c.id).order_by(people.c.id)).all()
            return [person for id in ids if (person := roles.load(conn, self._vault, id)).roles]

        return await self._database.read(fn)

    async def owner_chats(self) -> list[int]:
        return await self._database.read(lambda conn: roles.chats_of(conn, roles.holders(conn, Role.OWNER)))

    async def waiting(self) -> list[Proposal]:
        """Proposals that nobody has confirmed, the oldest first."""

        def fn(conn: Connection) -> list[Proposal]:
            ids = conn.scalars(select(p.id).where(p.confirmer_id.is_(None)).order_by(p.id)).all()
            return [self._proposal(conn, proposal_id) for proposal_id in ids]

        return await self._database.read(fn)

    async def add(self, chat_id: int, name: str, role: Role, by: int | None) -> Proposal | None:
        """Gives the role, or, for a checker or an owner once there are two owners, proposes it.

        `by`: the owner who asks; None at the server's command line. Raises NotAllowed.
        """

        def fn(conn: Connection) -> Proposal | None:
            if by is not None:
                roles.demand(conn, by, Role.OWNER)
            person_id = self._person_of(conn, chat_id, name)
            if role not in GUARDED or roles.count_of_owners(conn) < 2:
                roles.give(conn, person_id, role)
                return None
            row = {"person_id": person_id, "role": role, "proposer_id": by, "created_at": self._now()}
            proposal_id = conn.scalars(insert(role_proposals).values(**row).returning(p.id)).one()
            self._ask_second_owner(conn, proposal_id, (by, person_id))
            return self._proposal(conn, proposal_id)

        return await self._database.write(fn)

    async def confirm(self, proposal_id: int, by: int) -> Proposal:
        """The second owner's yes. Raises NotAllowed, ProposalGone, NotYourOwnProposal."""

        def fn(conn: Connection) -> Proposal:
            roles.demand(conn, by, Role.OWNER)
            proposal = self._proposal(conn, proposal_id)
            if by in (proposal.proposer_id, proposal.person.id):
                raise NotYourOwnProposal
            waiting = update(role_proposals).where(p.id == proposal_id, p.confirmer_id.is_(None))
            if not conn.execute(waiting.values(confirmer_id=by)).rowcount:
                raise ProposalGone
            roles.give(conn, proposal.person.id, proposal.role)
            return self._proposal(conn, proposal_id)

        return await self._database.write(fn)

    async def remove(self, person_id: int, role: Role, by: int | None) -> None:
        """Raises NotAllowed, NoSuchPerson, LastOwner."""

        def fn(conn: Connection) -> None:
            if by is not None:
                roles.demand(conn, by, Role.OWNER)
            if not conn.scalar(select(people.c.id).where(people.c.id == person_id)):
                raise NoSuchPerson
            if role is Role.OWNER and roles.holders(conn, Role.OWNER) == [person_id]:
                raise LastOwner
            roles.take(conn, person_id, role)

        await self._database.write(fn)

    async def link(self, chat_id: int, person_id: int, by: int) -> None:
        """A second Telegram account of the same person: it is not a second pair of eyes. Raises NotAllowed."""

        def fn(conn: Connection) -> None:
            roles.demand(conn, by, Role.OWNER)
            if not conn.scalar(select(people.c.id).where(people.c.id == person_id)):
                raise NoSuchPerson
            roles.link(conn, person_id, chat_id)

        await self._database.write(fn)

    def _ask_second_owner(self, conn: Connection, proposal_id: int, but: tuple[int | None, int]) -> None:
        others = [owner for owner in roles.holders(conn, Role.OWNER) if owner not in but]
        chats = roles.chats_of(conn, others)
        jobs.add(conn, [AskSecondOwner(chat, "role", proposal_id) for chat in chats], self._now())

    def _person_of(self, conn: Connection, chat_id: int, name: str) -> int:
        known = roles.of_chat(conn, self._vault, chat_id)
        if known:
            return known.id
        row = {"name_sealed": self._vault.seal_text(name), "created_at": self._now()}
        person_id = conn.scalars(insert(people).values(**row).returning(people.c.id)).one()
        roles.link(conn, person_id, chat_id)
        return person_id

    def _proposal(self, conn: Connection, proposal_id: int) -> Proposal:
        row = conn.execute(select(role_proposals).where(p.id == proposal_id)).one_or_none()
        if row is None:
            raise ProposalGone
        person = roles.load(conn, self._vault, row.person_id)
        return Proposal(row.id, person, Role(row.role), row.proposer_id)
