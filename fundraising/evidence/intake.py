"""All evidence comes in here: weighed by whom it concerns, in the transaction that stores it, as a set or alone.

What does not settle as a set is stored, and settled one by one; what breaks even alone, through a fault of ours, is set
aside and alarmed.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import ClassVar, Protocol

from sqlalchemy import Connection

from fundraising.evidence import reading, record
from fundraising.evidence.allowance import ALL, Allowance, Left
from fundraising.evidence.record import Evidence, Payment, Source, Verdict, Weighed
from fundraising.evidence.retention import LOOK_EVERY, ForgetHints
from fundraising.lanes import MPESA
from fundraising.log_context import about, follow_none, name_of
from fundraising.outages import is_outage
from storage import jobs
from storage.batcher import Batcher
from storage.database import Database
from storage.vault import Vault

log = logging.getLogger(__name__)


class Judge(Protocol):
    """Who knows what evidence of some sources means. giving and paying register one each."""

    sources: frozenset[Source]
    at_once: int  # how many pieces settle as one set

    def settle(self, conn: Connection, items: Sequence[Evidence]) -> list[Weighed]:
        """Locks what they name, weighs those that are new, and stores the effects; the evidence itself is kept here."""

    def prove(self, conn: Connection, item: Evidence) -> Payment | None:
        """The payment that the item is proven to be about."""

    def set_aside(self, conn: Connection, evidence_id: int) -> None:
        """Something proven could not be settled: whoever must know is told, and what must stop is stopped."""


@dataclass(frozen=True)
class SettleWaiting(jobs.Job):
    """Evidence was stored that could not be settled as a set."""

    lane: ClassVar = MPESA


class Intake:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]):
        self._database, self._vault, self._now = database, vault, now
        self._unproven = Allowance(now)
        self._judges: dict[Source, Judge] = {}
        self._sets: dict[Source, Batcher[Evidence, None]] = {}

    def register(self, judge: Judge) -> None:
        together = Batcher[Evidence, None](partial(self._take_all, judge), judge.at_once)
        self._judges |= dict.fromkeys(judge.sources, judge)
        if judge.at_once > 1:
            self._sets |= dict.fromkeys(judge.sources, together)

    async def take(self, item: Evidence) -> None:
        """Returns when it is durable, and has had its effects unless it waits to be settled: only then may M-Pesa be
        answered. Raises what passes, such as a database that is away: who brought it brings it again."""
        if together := self._sets.get(item.source):
            await together.send(item)
        else:
            await self._take_all(self._judges[item.source], [item])

    def settle(self, conn: Connection, item: Evidence) -> Verdict:
        """The same within a transaction of the caller's, who has locked the payment."""
        weighed, _ = self._settle_new(conn, self._judges[item.source], [item], ALL)
        return weighed[0].verdict if weighed else Verdict.NOTHING_NEW

    def note(self, conn: Connection, item: Evidence) -> None:
        """Kept, and nothing more: one person's word, until a second says the same."""
        record.record(conn, self._vault, [Weighed(item, item.payment, Verdict.NOTED)])

    async def settle_waiting(self, _job: SettleWaiting, _attempt: int) -> None:
        """The job. Raises what passes, such as a lock that came too late: then the job runs again."""
        while await self._database.write(self._settle_one_waiting):
            pass

    async def settle_stuck(self) -> tuple[int, int]:
        """Weighs anew what was set aside, once its cause is mended: how much is settled, how much is stuck still."""
        verdicts = [await self._settle_again(evidence_id) for evidence_id in await self._database.read(record.stuck)]
        return sum(verdict is not Verdict.STUCK for verdict in verdicts), verdicts.count(Verdict.STUCK)

    async def _take_all(self, judge: Judge, items: list[Evidence]) -> list[None]:
        follow_none()
        left = self._unproven.left()
        try:
            weighed, kept = await self._database.write(lambda conn: self._settle_new(conn, judge, items, left))
        except Exception as error:  # noqa: BLE001 it is logged, and raised unless the evidence is kept
            await self._keep_unsettled(judge, items, error)
        else:
            self._unproven.use(size_of(each.item) for each in kept if not record.proven(each.verdict))
            tell(weighed, kept)
        return [None] * len(items)

    def _settle_new(
        self, conn: Connection, judge: Judge, items: Sequence[Evidence], left: Left
    ) -> tuple[list[Weighed], list[Weighed]]:
        """What was weighed, and what of it is kept."""
        once = {item.key: item for item in items}
        weighed = judge.settle(conn, list(once.values()))
        kept = within(left, weighed)
        record.record(conn, self._vault, kept)
        if not all(record.proven(each.verdict) for each in kept):
            jobs.add(conn, [ForgetHints()], self._now() + LOOK_EVERY)
        return weighed, kept

    async def _keep_unsettled(self, judge: Judge, items: list[Evidence], error: Exception) -> None:
        log.error("M-Pesa evidence did not settle as a set of %s", len(items), exc_info=error)
        if len(items) == 1 and not is_outage(error):
            if not await self._database.write(lambda conn: self._set_aside(conn, judge, items[0])):
                raise error
        else:
            await self._database.write(lambda conn: self._store(conn, items))

    def _store(self, conn: Connection, items: Sequence[Evidence]) -> None:
        """Without a token it is a hint at most, and not worth the room."""
        record.store(conn, self._vault, [item for item in items if item.token_hash or item.payment])
        jobs.add(conn, [SettleWaiting()], self._now())

    def _set_aside(self, conn: Connection, judge: Judge, item: Evidence) -> bool:
        """Whether it is proven: nothing else is worth the room, or a word to anybody."""
        payment = judge.prove(conn, item)
        if payment:
            record.record(conn, self._vault, [Weighed(item, payment, Verdict.STUCK)])
            judge.set_aside(conn, record.id_of(conn, item.key))
        return payment is not None

    def _settle_one_waiting(self, conn: Connection) -> int:
        waiting = reading.waiting(conn, self._vault, limit=1)
        for item in waiting:
            if self._settle_alone(conn, item) is Verdict.STUCK:
                self._judges[item.source].set_aside(conn, item.id)
        return len(waiting)

    async def _settle_again(self, evidence_id: int) -> Verdict | None:
        """None when somebody else has settled it meanwhile."""

        def fn(conn: Connection) -> Verdict | None:
            found = reading.stuck(conn, self._vault, evidence_id)
            return self._settle_alone(conn, found) if found else None

        return await self._database.write(fn)

    def _settle_alone(self, conn: Connection, item: Evidence) -> Verdict:
        savepoint = conn.begin_nested()
        try:
            weighed = self._judges[item.source].settle(conn, [item])
            savepoint.commit()
        except Exception as error:
            savepoint.rollback()
            if is_outage(error):
                raise
            log.exception("M-Pesa evidence %s set aside", item.id)
            weighed = [Weighed(item, item.payment, Verdict.STUCK)]
        record.record(conn, self._vault, weighed)
        return weighed[0].verdict


def within(left: Left, weighed: Sequence[Weighed]) -> list[Weighed]:
    """All that is proven, and as much of the rest as there is room for."""
    kept: list[Weighed] = []
    for each in weighed:
        room: Left | None = left if record.proven(each.verdict) else left.less(size_of(each.item))
        if room:
            left = room
            kept.append(each)
    return kept


def size_of(item: Evidence) -> int:
    return len(item.body or b"")


def tell(weighed: Sequence[Weighed], kept: Sequence[Weighed]) -> None:
    """To the log."""
    payments = (name for each in kept if (name := name_in_log(each)))
    log.info("M-Pesa %s", "; ".join(map(in_short, kept)) or "said nothing new", extra=about(*payments))
    if len(kept) < len(weighed):
        log.warning("%s callbacks without a known token are not kept: too many", len(weighed) - len(kept))


def in_short(weighed: Weighed) -> str:
    """`callback about donation 17: 1032, failed`. No name, number or token."""
    item, named = weighed.item, name_in_log(weighed).replace(":", " ") or "nothing known"
    return f"{item.source} about {named}: {item.code or item.says}, {weighed.verdict}"


def name_in_log(weighed: Weighed) -> str:
    return weighed.called or (name_of(*weighed.payment) if weighed.payment else "")
