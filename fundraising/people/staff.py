"""Naming people: the first owners, and everybody after them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, select, update

from fundraising.names import says_something, tidy
from fundraising.news import Alarm, TellOwners
from fundraising.people import changes, consent, emails, roles
from fundraising.people.changes import Action, Change, Said
from fundraising.people.consent import Kind, Matter, Word
from fundraising.people.emails import EmailAddress
from fundraising.people.news import AskSecondOwner, MakeRoleChange
from fundraising.people.roles import NAMELESS, Person, Role
from fundraising.refusals import BadName, LastOwner, NoSuchPerson, NotYourOwnProposal, ProposalGone
from storage import facts, jobs
from storage.database import Database
from storage.payout_tables import people
from storage.places import place
from storage.vault import Vault

YES = "yes"
NAME_LENGTH = 80
SECOND_OWNER_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Proposal:
    id: int
    change: Change
    person: Person
    proposer_id: int | None
    due_at: datetime | None = None  # nobody has to confirm it: it takes effect then


class Staff:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]):
        self._database, self._vault, self._now = database, vault, now

    async def name_first_owners(self, chat_ids: Iterable[int]) -> None:
        """Only while there is no owner in Telegram: others, and keys, may have been named before the first start."""
        wanted = list(chat_ids)

        def fn(conn: Connection) -> None:
            facts.lock(conn)  # replicas that start together would name them twice
            if not roles.chats_of(conn, roles.holders(conn, Role.OWNER)):
                for chat_id in wanted:
                    person_id = self._person_of(conn, chat_id, name_until_start(chat_id))
                    roles.give(conn, self._vault, person_id, Role.OWNER, self._now())

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

    async def alarm(self, alarm: Alarm, subject_id: int) -> None:
        """Tells the owners."""
        await self._database.write(lambda conn: jobs.add(conn, [TellOwners(alarm, subject_id)], self._now()))

    async def checker_chats(self) -> list[int]:
        return await self._database.read(lambda conn: roles.chats_of(conn, roles.holders(conn, Role.CHECKER)))

    async def waiting(self) -> list[Proposal]:
        """Proposals by owners, or at the server, that nobody has confirmed, the oldest first."""

        def fn(conn: Connection) -> list[Proposal]:
            return [self._proposal(conn, word) for word in consent.find(conn, Kind.ROLE, self._now())]

        return await self._database.read(fn)

    async def add(
        self, chat_id: int, name: str, role: Role, by: int | None, email: str | None = None
    ) -> Proposal | None:
        """Gives the role; proposes it, if it is more than to see, once there are two owners. The second owner that the
        only one names is one a day later: until then everybody with a role can object.

        `by`: the owner who asks; None at the server's command line. `email`: for news of payouts, in place of an
        earlier one; but no owner alone changes somebody else's. Raises NotAllowed, NotAnEmailAddress.
        """
        address = emails.parse_typed(email)

        def fn(conn: Connection) -> Proposal | None:
            self._admit(conn, by)
            person_id = self._person_of(conn, chat_id, name)
            if roles.name_of(conn, self._vault, person_id) == name_until_start(chat_id):
                self._rename(conn, person_id, tidy(name) or NAMELESS)
            if address and by in (None, person_id):
                self._set_email(conn, person_id, address)
            return self._change(conn, Change(Action.GIVE, person_id, role), by)

        return await self._database.write(fn)

    async def remove(self, person_id: int, role: Role, by: int | None) -> Proposal | None:
        """Takes the role; proposes it, if another person's say depends on it, once there are two owners.

        Raises NotAllowed, NoSuchPerson, LastOwner.
        """

        def fn(conn: Connection) -> Proposal | None:
            self._admit(conn, by, person_id)
            if role is Role.OWNER and roles.holders(conn, Role.OWNER) == [person_id]:
                raise LastOwner
            return self._change(conn, Change(Action.TAKE, person_id, role), by)

        return await self._database.write(fn)

    async def rename(self, person_id: int, name: str, by: int | None = None) -> None:
        """What was decided before carries the new name, too. `by`: None at the server's command line.

        Raises NotAllowed, NoSuchPerson, BadName.
        """
        name = tidy(name)
        if not says_something(name) or len(name) > NAME_LENGTH:
            raise BadName

        def fn(conn: Connection) -> None:
            self._admit(conn, by, person_id)
            self._rename(conn, person_id, name)

        await self._database.write(fn)

    async def introduce(self, chat_id: int, name: str) -> None:
        """Whoever was named by a number alone is called as Telegram calls them, from their first message on."""
        name = tidy(name)[:NAME_LENGTH]
        if not says_something(name):
            return

        def fn(conn: Connection) -> None:
            person = roles.of_chat(conn, self._vault, chat_id)
            if person and person.name == name_until_start(chat_id):
                self._rename(conn, person.id, name)

        await self._database.write(fn)

    async def change(self, change_id: int) -> Said:
        return await self._database.read(lambda conn: changes.load(conn, self._vault, change_id))

    async def make_change(self, job: MakeRoleChange, _attempt: int) -> None:
        """The job: unless it was called off, or who wanted it is no owner any more."""

        def fn(conn: Connection) -> None:
            roles.lock_owners(conn)
            found = changes.waiting(conn, job.change_id)
            if found is None or found[1] not in roles.holders(conn, Role.OWNER):
                return
            change, now = found[0], self._now()
            assert change.role
            roles.give(conn, self._vault, change.person_id, change.role, now)
            changes.done(conn, job.change_id, now)
            changes.tell(conn, job.change_id, change, now)

        await self._database.write(fn)

    async def set_email(self, person_id: int, email: str | None) -> None:
        """None forgets it. Raises NoSuchPerson, NotAnEmailAddress."""
        address = emails.parse_typed(email)

        def fn(conn: Connection) -> None:
            self._admit(conn, None, person_id)
            self._set_email(conn, person_id, address)

        await self._database.write(fn)

    async def email(self, person_id: int) -> EmailAddress | None:
        """Raises NoSuchPerson."""
        query = select(people.c.email_sealed).where(people.c.id == person_id)
        row = await self._database.read(lambda conn: conn.execute(query).one_or_none())
        if row is None:
            raise NoSuchPerson
        where = place(people.c.email_sealed, person_id)
        return emails.unseal(self._vault, row.email_sealed, where) if row.email_sealed else None

    async def link(self, chat_id: int, person_id: int, by: int) -> Proposal | None:
        """A second Telegram account of the same person: it is not a second pair of eyes.

        Proposed, if the person is another, once there are two owners. Raises NotAllowed, NoSuchPerson.
        """

        def fn(conn: Connection) -> Proposal | None:
            self._admit(conn, by, person_id)
            return self._change(conn, Change(Action.LINK, person_id, chat_id=chat_id), by)

        return await self._database.write(fn)

    async def confirm(self, proposal_id: int, by: int) -> Proposal:
        """The second owner's yes. Raises NotAllowed, ProposalGone, NotYourOwnProposal."""

        def fn(conn: Connection) -> Proposal:
            self._admit(conn, by)
            now = self._now()
            word = next(iter(consent.find(conn, Kind.ROLE, now, consent.c.id == proposal_id)), None)
            if word is None:
                raise ProposalGone
            proposal = self._proposal(conn, word)
            if by in (proposal.proposer_id, proposal.person.id):
                raise NotYourOwnProposal
            consent.confirm(conn, word, by, now)
            self._apply(conn, proposal.change, proposal.proposer_id, by)
            return self._proposal(conn, word)

        return await self._database.write(fn)

    def _admit(self, conn: Connection, by: int | None, person_id: int | None = None) -> None:
        """Raises NotAllowed, NoSuchPerson."""
        roles.lock_owners(conn)
        if by is not None:
            roles.demand(conn, by, Role.OWNER)
        if person_id and not conn.scalar(select(people.c.id).where(people.c.id == person_id)):
            raise NoSuchPerson

    def _change(self, conn: Connection, change: Change, by: int | None) -> Proposal | None:
        own = change.person_id == by and change.action is not Action.GIVE
        if own or not change.is_guarded or roles.count_of_owners(conn) < 2:
            if by is not None and self._makes_second_owner(conn, change):
                return self._put_off(conn, change, by)
            self._apply(conn, change, by, None)
            return None
        subject, now = msgspec.json.encode(change).decode(), self._now()
        matter = Matter(Kind.ROLE, subject, consent.decisions(conn, Kind.ROLE, subject))
        proposal_id = consent.propose(conn, matter, YES, by, now)
        others = [owner for owner in roles.holders(conn, Role.OWNER) if owner not in (by, change.person_id)]
        chats = roles.chats_of(conn, others)
        jobs.add(conn, [AskSecondOwner(chat, "role", proposal_id) for chat in chats], now)
        return Proposal(proposal_id, change, roles.load(conn, self._vault, change.person_id), by)

    def _makes_second_owner(self, conn: Connection, change: Change) -> bool:
        is_new = change.person_id not in roles.holders(conn, Role.OWNER)
        return change.action is Action.GIVE and change.role is Role.OWNER and is_new

    def _put_off(self, conn: Connection, change: Change, by: int) -> Proposal:
        """The only owner could be both of two: the others have a day to see it, and to freeze."""
        now = self._now()
        due = now + SECOND_OWNER_AFTER
        change_id = changes.note(conn, change, by, None, now, due)
        jobs.add(conn, [MakeRoleChange(change_id)], due)
        return Proposal(change_id, change, roles.load(conn, self._vault, change.person_id), by, due)

    def _apply(self, conn: Connection, change: Change, by: int | None, confirmer: int | None) -> None:
        """Raises ProposalGone when the chat has become somebody's."""
        if change.role:
            if change.action is Action.TAKE:
                roles.take(conn, change.person_id, change.role)
            else:
                roles.give(conn, self._vault, change.person_id, change.role, self._now())
            consent.withdraw_of_former(conn, change.person_id, self._now())
        if change.chat_id:
            if roles.of_chat(conn, self._vault, change.chat_id):
                raise ProposalGone
            roles.link(conn, self._vault, change.person_id, change.chat_id)
        if change.action is Action.TAKE:
            changes.call_off(conn, change)
        changes.note(conn, change, by, confirmer, self._now())

    def _rename(self, conn: Connection, person_id: int, name: str) -> None:
        sealed = self._vault.seal_text(name, place(people.c.name_sealed, person_id))
        conn.execute(update(people).where(people.c.id == person_id).values(name_sealed=sealed))

    def _person_of(self, conn: Connection, chat_id: int, name: str) -> int:
        known = roles.of_chat(conn, self._vault, chat_id)
        if known:
            return known.id
        person_id = roles.add_person(conn, self._vault, name, self._now())
        roles.link(conn, self._vault, person_id, chat_id)
        return person_id

    def _set_email(self, conn: Connection, person_id: int, address: EmailAddress | None) -> None:
        sealed = emails.seal_any(self._vault, address, place(people.c.email_sealed, person_id))
        conn.execute(update(people).where(people.c.id == person_id).values(email_sealed=sealed))

    def _proposal(self, conn: Connection, word: Word) -> Proposal:
        change = msgspec.json.decode(word.matter.subject, type=Change)
        return Proposal(word.id, change, roles.load(conn, self._vault, change.person_id), word.by)


def name_until_start(chat_id: int) -> str:
    """Of an owner whom the settings name by a number."""
    return f"Owner {chat_id}"
