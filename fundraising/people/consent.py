"""Four eyes on what people decide together: one says so, another agrees. The database keeps the two apart.

A person's newest word about a matter stands, while the person has the role, and until it expires.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from fundraising.people import roles
from fundraising.people.roles import Role
from fundraising.refusals import ProposalGone, SecondPersonNeeded
from storage.consent_tables import consents

c = consents.c
IS_OPEN = and_(c.confirmer_id.is_(None), c.withdrawn_at.is_(None))


class Kind(StrEnum):
    ROLE = "role"  # who may do what
    SUSPENSE = "suspense"  # where money belongs that fits nothing
    REVIEW = "review"  # how a payout ended, of which M-Pesa says nothing
    UNFREEZE = "unfreeze"  # that money may be sent again


MAY_DECIDE: Mapping[Kind, Role] = {
    Kind.ROLE: Role.OWNER,
    Kind.SUSPENSE: Role.CHECKER,
    Kind.REVIEW: Role.CHECKER,
    Kind.UNFREEZE: Role.OWNER,
}
LASTS: Mapping[Kind, timedelta] = {
    Kind.ROLE: timedelta(days=7),
    Kind.SUSPENSE: timedelta(days=7),
    Kind.REVIEW: timedelta(days=7),
    Kind.UNFREEZE: timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """What is decided. Whoever makes it a new version voids what was said of the one before."""

    kind: Kind
    subject: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    id: int
    matter: Matter
    answer: str
    by: int | None  # None: at the server's command line
    said_at: datetime


def say(conn: Connection, matter: Matter, answer: str, by: int, now: datetime) -> Word | None:
    """Notes what this person says, in place of what they said before. When another person's word agrees with it, that
    word, confirmed now: it is decided.

    Call it with the matter locked. Raises NotAllowed, SecondPersonNeeded when the same person says the same again.
    """
    roles.demand(conn, by, MAY_DECIDE[matter.kind])
    agreeing = [word for word in standing(conn, matter, now) if word.answer == answer]
    for word in agreeing:
        if word.by != by:
            confirm(conn, word, by, now)
            return word
    if agreeing:
        raise SecondPersonNeeded
    propose(conn, matter, answer, by, now)
    return None


def propose(conn: Connection, matter: Matter, answer: str, by: int | None, now: datetime) -> int:
    """The id of the word, which stands in place of an earlier one of the same person."""
    mine = c.proposer_id.is_(None) if by is None else c.proposer_id == by
    withdraw(conn, now, about(matter), mine)
    row = {"kind": matter.kind, "subject": matter.subject, "version": matter.version, "answer": answer}
    when = {"created_at": now, "expires_at": now + LASTS[matter.kind]}
    new = insert(consents).values(proposer_id=by, **row, **when)
    return conn.scalars(new.returning(c.id)).one()


def confirm(conn: Connection, word: Word, by: int, now: datetime) -> None:
    """Raises ProposalGone when it does not stand any more."""
    open_still = update(consents).where(c.id == word.id, IS_OPEN, c.expires_at > now)
    if not conn.execute(open_still.values(confirmer_id=by, confirmed_at=now)).rowcount:
        raise ProposalGone
    withdraw(conn, now, about(word.matter))  # what else was said of it is over


def withdraw(conn: Connection, now: datetime, *where: ColumnElement[bool]) -> None:
    conn.execute(update(consents).where(IS_OPEN, *where).values(withdrawn_at=now))


def withdraw_of_former(conn: Connection, person_id: int, now: datetime) -> None:
    """Who lost a role has no say any more, not even with the role given again."""
    lost = [kind for kind, role in MAY_DECIDE.items() if person_id not in roles.holders(conn, role)]
    withdraw(conn, now, c.proposer_id == person_id, c.kind.in_(lost))


def standing(conn: Connection, matter: Matter, now: datetime) -> tuple[Word, ...]:
    """What people say of it who may decide it now, the earliest first."""
    return find(conn, matter.kind, now, about(matter))


def find(conn: Connection, kind: Kind, now: datetime, *where: ColumnElement[bool]) -> tuple[Word, ...]:
    counts = or_(c.proposer_id.is_(None), c.proposer_id.in_(roles.holders(conn, MAY_DECIDE[kind])))
    query = select(consents).where(c.kind == kind, IS_OPEN, c.expires_at > now, counts, *where)
    return tuple(
        Word(row.id, Matter(kind, row.subject, row.version), row.answer, row.proposer_id, row.created_at)
        for row in conn.execute(query.order_by(c.id))
    )


def decisions(conn: Connection, kind: Kind, subject: str) -> int:
    """How often it was decided."""
    decided = select(func.count()).where(c.kind == kind, c.subject == subject, c.confirmer_id.is_not(None))
    return conn.scalar(decided) or 0


def about(matter: Matter) -> ColumnElement[bool]:
    return and_(c.kind == matter.kind, c.subject == matter.subject, c.version == matter.version)
