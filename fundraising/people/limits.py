"""A prompt lights up somebody's phone, perhaps somebody else's: it is not for pranks.

A phone is proven to be somebody's by sharing it as the own contact, or by a gift that was paid from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from sqlalchemy import ColumnElement, Connection, case, select
from sqlalchemy.dialects.postgresql import insert as insert_or  # prints right on SQLite too

from fundraising.refusals import PhoneBusy, PhoneRefused, PhoneRests, TooManyPrompts
from fundraising.statuses import DonationStatus, Push
from mpesa.codes import Reason
from storage.phone_tables import phones, prompt_counts
from storage.tables import donations

d, p, n = donations.c, phones.c, prompt_counts.c
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PROMPT_LIFE = timedelta(seconds=60)  # Daraja: one session per number, a minute on the phone
TURNED_DOWN = frozenset({Reason.CANCELLED, Reason.WRONG_PIN, Reason.PIN_LOCKED, Reason.EXPIRED, Reason.NO_ANSWER})
LOOKED_BACK = 20  # prompts on one phone
OWNERS_LONGEST = 2  # of the pauses: whose phone it is waits no longer than that


@dataclass(frozen=True)
class PromptLimits:
    by_donor: int = 20  # an hour
    for_phone: int = 30  # an hour
    for_stranger: int = 5  # a day, to a phone that nobody has proven to be theirs
    strangers_of_donor: int = 5  # such phones that one donor may try in a day
    by_key: int = 60  # a minute, by one API key to such phones
    by_all: int = 600  # a minute, by everybody to such phones
    pauses: Sequence[timedelta] = tuple(timedelta(seconds=s) for s in (30, 120, 600, 3_600, 86_400))


@dataclass(frozen=True)
class Prompt:
    """What is asked for."""

    donor_id: int
    phone_index: bytes
    key_id: int | None = None  # of the HTTP API


def check(conn: Connection, prompt: Prompt, limits: PromptLimits, now: datetime) -> None:
    """Raises PhoneRefused, PhoneBusy while a prompt may be on the phone, PhoneRests, TooManyPrompts.

    The phone's row stays locked until the transaction ends, so that of two at the same instant one goes first.
    """
    lock(conn, prompt.phone_index)
    if wait := ringing_for(conn, prompt.phone_index, now):
        raise PhoneBusy(wait)
    if wait := rest(conn, prompt, limits, now):
        raise PhoneRests(wait)
    of_phone, of_donor = d.phone_index == prompt.phone_index, d.donor_id == prompt.donor_id
    demand_fewer(conn, of_donor, limits.by_donor, HOUR, now)
    demand_fewer(conn, of_phone, limits.for_phone, HOUR, now)
    if not is_proven(conn, prompt.phone_index):
        demand_fewer(conn, of_phone, limits.for_stranger, DAY, now)
        demand_few_strangers(conn, prompt, limits.strangers_of_donor, now)
        count(conn, f"key:{prompt.key_id}" if prompt.key_id else None, limits.by_key, now)
        count(conn, "all", limits.by_all, now)


def lock(conn: Connection, phone_index: bytes) -> None:
    """Raises PhoneRefused."""
    conn.execute(insert_or(phones).values(phone_index=phone_index).on_conflict_do_nothing())
    row = conn.execute(select(p.refused_at).where(p.phone_index == phone_index).with_for_update()).one()
    if row.refused_at:
        raise PhoneRefused


def ringing_for(conn: Connection, phone_index: bytes, now: datetime, beside: int | None = None) -> timedelta | None:
    """How much longer another prompt may be on this phone. One that M-Pesa has not taken yet does not ring."""
    begun = select(d.pushed_at).where(
        d.phone_index == phone_index,
        d.created_at > now - HOUR,
        d.status == DonationStatus.PENDING,
        d.push != Push.WAITING,
        d.needs_review.is_(None),
        d.id != (beside or 0),
    )
    last = conn.scalar(begun.order_by(d.pushed_at.desc()).limit(1))
    return left(last, PROMPT_LIFE, now) if last else None


def rest(conn: Connection, prompt: Prompt, limits: PromptLimits, now: datetime) -> timedelta | None:
    """How long the phone is left alone after being asked in vain. Its owner pays only for the owner's own mistakes."""
    owns = is_owner(conn, prompt.donor_id, prompt.phone_index)
    asked = select(d.status, d.failure, d.settled_at).where(d.phone_index == prompt.phone_index)
    asked = asked.where(d.donor_id == prompt.donor_id) if owns else asked
    in_vain, last = 0, None
    for row in conn.execute(asked.order_by(d.created_at.desc()).limit(LOOKED_BACK)):
        if row.status == DonationStatus.COMPLETED:
            break
        if row.failure in TURNED_DOWN and row.settled_at:
            in_vain, last = in_vain + 1, last or row.settled_at
    if last is None:
        return None
    longest = min(in_vain, OWNERS_LONGEST) if owns else in_vain
    return left(last, limits.pauses[min(longest, len(limits.pauses)) - 1], now)


def demand_fewer(conn: Connection, of: ColumnElement[bool], most: int, within: timedelta, now: datetime) -> None:
    """Raises TooManyPrompts when there were `most` already; it says when the first of them is old enough."""
    newest = select(d.created_at).where(of, d.created_at > now - within).order_by(d.created_at.desc())
    if oldest_that_counts := conn.scalar(newest.offset(most - 1).limit(1)):
        refuse(oldest_that_counts, within, now)


def demand_few_strangers(conn: Connection, prompt: Prompt, most: int, now: datetime) -> None:
    """Raises TooManyPrompts when this donor has tried so many phones today that are nobody's as far as we know."""
    mine = select(d.phone_index, d.created_at).where(d.donor_id == prompt.donor_id, d.created_at > now - DAY)
    tried = {row.phone_index: row.created_at for row in conn.execute(mine.order_by(d.created_at))}
    strangers = [at for index, at in tried.items() if index != prompt.phone_index and not is_proven(conn, index)]
    if len(strangers) >= most:
        refuse(sorted(strangers)[-most], DAY, now)


def count(conn: Connection, name: str | None, most: int, now: datetime) -> None:
    """Raises TooManyPrompts. Exact, however many ask at once: they take turns at this row."""
    if name is None:
        return
    minute = now.replace(second=0, microsecond=0)
    first = insert_or(prompt_counts).values(name=name, since=minute, count=1)
    one_more = case((n.since == minute, n.count + 1), else_=1)
    counted = first.on_conflict_do_update(index_elements=[n.name], set_={"since": minute, "count": one_more})
    if conn.scalars(counted.returning(n.count)).one() > most:
        refuse(minute, MINUTE, now)


def is_proven(conn: Connection, phone_index: bytes) -> bool:
    shared = select(p.phone_index).where(p.phone_index == phone_index, p.owner_id.is_not(None))
    paid = select(d.id).where(d.phone_index == phone_index, d.status == DonationStatus.COMPLETED).limit(1)
    return conn.scalar(shared) is not None or conn.scalar(paid) is not None


def is_owner(conn: Connection, donor_id: int, phone_index: bytes) -> bool:
    """A phone that was shared as the own contact is that person's; else whoever paid from it is believed."""
    owner_id = conn.scalar(select(p.owner_id).where(p.phone_index == phone_index))
    if owner_id is not None:
        return bool(owner_id == donor_id)
    mine = (d.phone_index == phone_index, d.donor_id == donor_id, d.status == DonationStatus.COMPLETED)
    return conn.scalar(select(d.id).where(*mine).limit(1)) is not None


def refuse(since: datetime, within: timedelta, now: datetime) -> NoReturn:
    raise TooManyPrompts(left(since, within, now) or timedelta())


def left(since: datetime, whole: timedelta, now: datetime) -> timedelta | None:
    remains = since + whole - now
    return remains if remains > timedelta() else None
