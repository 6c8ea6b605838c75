"""At start: does the journal know of more than the database? Then the database is an old one."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

import msgspec
from sqlalchemy import Connection

from fundraising.giving import donation as giving
from fundraising.paying import payout as paying
from fundraising.recovery import intents, quarantine, rebuilding, restoring
from fundraising.recovery.intents import Entry, PaymentIntent, PushAnswered, PushIntent
from fundraising.recovery.tasks import RebuildPayment
from storage import bulk, facts, jobs
from storage.database import Database
from storage.journal import Journal
from storage.vault import Vault

log = logging.getLogger(__name__)
AT_ONCE = 200
LOOK_BACK_DAYS = 2  # of the journal's own days: what is older cannot be all that is missing
ASK_AGAIN_AFTER = timedelta(seconds=30)


class Recovery:
    def __init__(self, database: Database, vault: Vault, journal: Journal | None, now: Callable[[], datetime]):
        self._database, self._vault, self._journal, self._now = database, vault, journal, now

    async def at_start(self) -> int:
        """How many intents had to be made again; before anything is sent. Harmless to repeat, and to interrupt."""
        restored = await self._database.read(quarantine.is_on)
        if self._journal is None or not (restored or await self._is_rewound(self._journal)):
            return 0
        if not restored:
            log.error("%s: sending is frozen", restoring.REWOUND)
            await self._database.write(lambda conn: restoring.begin(conn, restoring.REWOUND, self._now()))
        return await self._rebuild(self._journal)

    async def after_restore(self) -> int:
        """How many payouts may have been sent without our knowing, where there is no journal to tell."""
        if self._journal is not None and await self._reaches_back(self._journal):
            return 0
        return await self._database.write(lambda conn: restoring.distrust(conn, self._vault, self._now()))

    async def rebuild_payment(self, job: RebuildPayment, _attempt: int) -> datetime | None:
        """The job."""
        entry = intents.decode(job.entry.encode())
        assert isinstance(entry, PaymentIntent)
        try:
            await self._database.write(
                lambda conn: rebuilding.payment(conn, self._vault, entry, self._now(), wait=True)
            )
        except rebuilding.WaitForMoney:
            return self._now() + ASK_AGAIN_AFTER
        return None

    async def _is_rewound(self, journal: Journal) -> bool:
        for entries in in_chunks(await self._ours(journal.newest(LOOK_BACK_DAYS))):
            if await self._database.read(lambda conn, entries=entries: unknown(conn, entries)):  # type: ignore[misc]
                return True
        return False

    async def _reaches_back(self, journal: Journal) -> bool:
        return next(iter(await self._ours(journal.entries())), None) is not None

    async def _ours(self, lines: Iterator[bytes]) -> Iterator[Entry]:
        book = await self._database.read(facts.book)
        return (entry for entry in decoded(lines) if entry.book == book)

    async def _rebuild(self, journal: Journal) -> int:
        made = 0
        for entries in in_chunks(await self._ours(journal.entries())):
            made += await self._rebuild_some(entries)
        log.error("%s intents were made again from the journal; M-Pesa is asked about each", made)
        return made

    async def _rebuild_some(self, entries: Sequence[Entry]) -> int:
        def fn(conn: Connection) -> int:
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
                if not missing_payments(conn, [entry]):
                    return rebuilding.payment(conn, self._vault, entry, now, wait=False)
                jobs.add(conn, [RebuildPayment(intents.encode(entry).decode())], now)
                return True


def decoded(lines: Iterable[bytes]) -> Iterator[Entry]:
    for line in lines:
        try:
            yield intents.decode(line)
        except msgspec.MsgspecError:
            log.warning("an entry of the journal is of a kind that this version does not know")


def in_chunks(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    while chunk := list(islice(entries, AT_ONCE)):
        yield chunk


def unknown(conn: Connection, entries: Sequence[Entry]) -> bool:
    pushes = {entry.reference for entry in entries if isinstance(entry, PushIntent)}
    d = giving.d
    known = {row[0] for row in bulk.select(conn, (d.reference,), d.reference, pushes)}
    return bool(pushes - known) or missing_payments(conn, entries)


def missing_payments(conn: Connection, entries: Sequence[Entry]) -> bool:
    payments = {entry.originator_id for entry in entries if isinstance(entry, PaymentIntent)}
    a = paying.a
    return bool(payments - {row[0] for row in bulk.select(conn, (a.originator_id,), a.originator_id, payments)})
