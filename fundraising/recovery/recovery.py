"""At start: does the journal know of more than the database? Then the database is an old one."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Protocol

import msgspec
from sqlalchemy import Connection

from fundraising import stops
from fundraising.evidence import tokens
from fundraising.journal import Entry, PaymentIntent, PushAnswered, PushIntent, decode, encode
from fundraising.paying import quarantine
from fundraising.paying.tasks import RebuildPayment
from fundraising.recovery import rebuilding, restoring
from fundraising.statuses import StopCause
from storage import facts, jobs
from storage.database import Database
from storage.journal import Journal
from storage.vault import Vault

log = logging.getLogger(__name__)
AT_ONCE = 200
LOOK_BACK_DAYS = 2  # of the journal's own days: what is older cannot be all that is missing
ASK_AGAIN_AFTER = timedelta(seconds=30)


class Holds(Protocol):
    def __call__(self, conn: Connection, /, entries: Sequence[Entry]) -> bool: ...


class Recovery:
    def __init__(self, database: Database, vault: Vault, journal: Journal | None, now: Callable[[], datetime]):
        self._database, self._vault, self._journal, self._now = database, vault, journal, now

    async def at_start(self) -> int:
        """How many intents had to be made again; before anything is sent. Harmless to repeat, and to interrupt."""
        restored = await self._database.read(quarantine.is_on)
        rewound = not restored and self._journal is not None and await self._is_rewound(self._journal)
        if restored or rewound:
            await self._database.write(self._begin)
        await self.after_restore()
        return await self._rebuild(self._journal) if self._journal and (restored or rewound) else 0

    async def restored_at(self) -> datetime | None:
        return await self._database.read(quarantine.restored_at)

    def _begin(self, conn: Connection) -> None:
        """Unless another replica, which started with us, has done it. A restore that died may not have come as far."""
        facts.lock(conn)
        if not quarantine.is_on(conn):
            log.error("the database is older than the journal beside it: sending is frozen")
            restoring.begin(conn, StopCause.REWOUND, self._now())
        elif not stops.standing(conn, lock=True):
            restoring.begin(conn, StopCause.RESTORED, self._now())

    async def after_restore(self) -> int:
        """How many payouts may have been sent without our knowing, where there is no journal to tell.

        Once for each restore: a `trustvoice restore` that died before it is finished by the next start.
        """
        if not await self._database.read(restoring.is_unjudged):
            return 0
        told = self._journal is not None and await self._reaches_back(self._journal)
        return await self._database.write(lambda conn: restoring.judge(conn, self._vault, told, self._now()))

    async def rebuild_payment(self, job: RebuildPayment, _attempt: int) -> datetime | None:
        """The job."""
        entry = decode(job.entry.encode())
        assert isinstance(entry, PaymentIntent)

        def fn(conn: Connection) -> None:
            facts.lock(conn)
            if not stops.standing(conn, lock=True):  # a restore leaves such a job, and two owners end it: who else?
                stops.freeze(conn, StopCause.RESTORED, self._now())
            rebuilding.payment(conn, self._vault, entry, self._now(), wait=True)

        try:
            await self._database.write(fn)
        except rebuilding.WaitForMoney:
            return self._now() + ASK_AGAIN_AFTER
        return None

    async def _is_rewound(self, journal: Journal) -> bool:
        return await self._holds_of_some(any_unknown, journal.newest(LOOK_BACK_DAYS))

    async def _reaches_back(self, journal: Journal) -> bool:
        """Begun after the backup, it does not tell all that is missing."""
        return await self._holds_of_some(any_known, journal.entries())

    async def _holds_of_some(self, holds: Holds, lines: Iterator[bytes]) -> bool:
        for entries in in_chunks(await self._ours(lines)):
            if await self._database.read(partial(holds, entries=entries)):
                return True
        return False

    async def _ours(self, lines: Iterator[bytes]) -> Iterator[Entry]:
        book = await self._database.read(facts.book)
        return (entry for entry in decoded(lines) if entry.book == book)

    async def _rebuild(self, journal: Journal) -> int:
        made = 0
        for entries in in_chunks(await self._ours(journal.entries())):
            made += await self._rebuild_some(entries)
        level = logging.ERROR if made else logging.INFO
        log.log(level, "%s intents were made again from the journal; M-Pesa is asked about each", made)
        return made

    async def _rebuild_some(self, entries: Sequence[Entry]) -> int:
        def fn(conn: Connection) -> int:
            facts.lock(conn)  # every replica reads the same journal
            return sum(self._rebuild_one(conn, entry) for entry in entries)

        return await self._database.write(fn)

    def _rebuild_one(self, conn: Connection, entry: Entry) -> bool:
        now = self._now()
        match entry:
            case PushIntent():
                return rebuilding.push(conn, self._vault, entry, now)
            case PushAnswered():
                rebuilding.push_answered(conn, self._vault, entry)
                return False
            case PaymentIntent():
                return self._rebuild_payment(conn, entry, now)

    def _rebuild_payment(self, conn: Connection, entry: PaymentIntent, now: datetime) -> bool:
        """At once where that is possible: what the backup holds as not sent, nobody may decide about any more."""
        savepoint = conn.begin_nested()
        try:
            was_missing = rebuilding.payment(conn, self._vault, entry, now, wait=True)
            savepoint.commit()
        except rebuilding.WaitForMoney:
            savepoint.rollback()
            jobs.add(conn, [RebuildPayment(encode(entry).decode())], now)
            return True
        return was_missing


def decoded(lines: Iterable[bytes]) -> Iterator[Entry]:
    for line in lines:
        try:
            yield decode(line)
        except msgspec.MsgspecError:
            log.warning("an entry of the journal is of a kind that this version does not know")


def in_chunks(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    while chunk := list(islice(entries, AT_ONCE)):
        yield chunk


def any_unknown(conn: Connection, entries: Sequence[Entry]) -> bool:
    told = tokens_in(entries)
    return bool(told - tokens.known(conn, told))


def any_known(conn: Connection, entries: Sequence[Entry]) -> bool:
    return bool(tokens.known(conn, tokens_in(entries)))


def tokens_in(entries: Sequence[Entry]) -> set[bytes]:
    """Each call has a token of its own, also the same attempt made again; it is committed before it is written here."""
    return {entry.token_hash for entry in entries if not isinstance(entry, PushAnswered)}
