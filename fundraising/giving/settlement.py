"""Load, weigh, store: evidence is settled in the transaction that stores it, as one set, one piece or five hundred."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from fundraising.evidence import reading, record
from fundraising.evidence.allowance import Allowance, Left
from fundraising.evidence.record import Evidence, Verdict
from fundraising.giving.effects import Effects, Weighed
from fundraising.giving.naming import Named, name_donations
from fundraising.giving.tasks import SettleWaiting
from fundraising.log_context import about, follow_none, name_of
from fundraising.news import Alarm, TellOwners
from fundraising.outages import is_outage
from storage import jobs
from storage.batcher import Batcher
from storage.database import Database
from storage.vault import Vault

log = logging.getLogger(__name__)


class Settlement:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime], negative_gap: timedelta):
        self._database, self._vault, self._now, self._negative_gap = database, vault, now, negative_gap
        self._intake, self._unproven = Batcher[Evidence, None](self._take_all), Allowance(now)

    async def receive(self, token: str | None, body: bytes, at: datetime | None = None) -> None:
        """Returns when the callback is durable: only then may M-Pesa be answered. Raises NotJson.

        `at`: when it came, if that was before.
        """
        await self._intake.send(reading.from_callback(token, body, at or self._now()))

    async def take(self, item: Evidence) -> None:
        """The same for an answer that M-Pesa gave to us."""
        await self._intake.send(item)

    async def settle_waiting(self, _job: SettleWaiting, _attempt: int) -> None:
        """Settles, one by one, what could not be settled as a set. What breaks even alone is set aside and alarmed.

        Raises what passes, such as a lock that came too late: then the job runs again.
        """
        while await self._database.write(self._settle_one_waiting):
            pass

    async def settle_stuck(self) -> tuple[int, int]:
        """Weighs anew what was set aside, once its cause is mended: how much is settled, how much is stuck still."""
        verdicts = [await self._settle_again(evidence_id) for evidence_id in await self._database.read(record.stuck)]
        return sum(verdict is not Verdict.STUCK for verdict in verdicts), verdicts.count(Verdict.STUCK)

    async def _take_all(self, items: list[Evidence]) -> list[None]:
        follow_none()
        left = self._unproven.left()
        try:
            weighed, kept = await self._database.write(lambda conn: self._settle_new(conn, items, left))
        except Exception:
            log.exception("M-Pesa evidence did not settle as a set of %s; storing it to settle one by one", len(items))
            await self._database.write(lambda conn: self._store(conn, items))
        else:
            self._unproven.use(size_of(item) for item, _, verdict in kept if not record.proven(verdict))
            payments = (name_of("donation", donation_id) for _, donation_id, _ in kept if donation_id)
            log.info("M-Pesa %s", "; ".join(map(in_short, kept)) or "said nothing new", extra=about(*payments))
            if len(kept) < len(weighed):
                log.warning("%s callbacks without a known token are not kept: too many", len(weighed) - len(kept))
        return [None] * len(items)

    def _store(self, conn: Connection, items: Sequence[Evidence]) -> None:
        record.record(conn, self._vault, [(item, None, None) for item in items])
        jobs.add(conn, [SettleWaiting()], self._now())

    def _settle_new(
        self, conn: Connection, items: Sequence[Evidence], left: Left
    ) -> tuple[list[Weighed], list[Weighed]]:
        """What was weighed, and what of it is kept."""
        once = {item.key: item for item in items}
        named = name_donations(conn, self._vault, list(once.values()))
        for key in record.known_keys(conn, once.values()):
            del once[key]
        weighed = self._settle(conn, list(once.values()), named)
        kept = within(left, weighed)
        record.record(conn, self._vault, kept)
        return weighed, kept

    def _settle_one_waiting(self, conn: Connection) -> int:
        waiting = reading.waiting(conn, self._vault, limit=1)
        for item in waiting:
            if self._settle_alone(conn, item) is Verdict.STUCK:
                jobs.add(conn, [TellOwners(Alarm.STUCK, item.id)], self._now())
        return len(waiting)

    async def _settle_again(self, evidence_id: int) -> Verdict | None:
        """None when somebody else has settled it meanwhile."""

        def fn(conn: Connection) -> Verdict | None:
            found = reading.reread_stuck(conn, self._vault, evidence_id)
            return self._settle_alone(conn, found) if found else None

        return await self._database.write(fn)

    def _settle_alone(self, conn: Connection, item: Evidence) -> Verdict:
        savepoint = conn.begin_nested()
        try:
            weighed = self._settle(conn, [item], name_donations(conn, self._vault, [item]))
            savepoint.commit()
        except Exception as error:
            savepoint.rollback()
            if is_outage(error):
                raise
            log.exception("M-Pesa evidence %s set aside", item.id)
            weighed = [(item, item.donation_id, Verdict.STUCK)]
        record.close(conn, weighed)
        [(_, _, verdict)] = weighed
        return verdict

    def _settle(self, conn: Connection, items: Sequence[Evidence], named: Named) -> list[Weighed]:
        effects = Effects()
        for item in items:
            effects.weigh(item, named, self._negative_gap)
        effects.store(conn, self._vault, self._now())
        return effects.weighed


def within(left: Left, weighed: Sequence[Weighed]) -> list[Weighed]:
    """All that is proven, and as much of the rest as there is room for."""
    kept: list[Weighed] = []
    for item, donation_id, verdict in weighed:
        room: Left | None = left if record.proven(verdict) else left.less(size_of(item))
        if room:
            left = room
            kept.append((item, donation_id, verdict))
    return kept


def size_of(item: Evidence) -> int:
    return len(item.body or b"")


def in_short(weighed: Weighed) -> str:
    """For the log: `callback about donation 17: 1032, failed`. No name, number or token."""
    item, donation_id, verdict = weighed
    about = f"donation {donation_id}" if donation_id else "nothing known"
    return f"{item.source} about {about}: {item.code or item.says}, {verdict}"
