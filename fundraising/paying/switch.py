"""The one switch that stops all sending. One person, or TrustVoice itself, freezes; it takes two owners to unfreeze."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from fundraising.paying import payout as rows
from fundraising.paying import quarantine
from fundraising.paying.tasks import SendPayout
from fundraising.people import roles
from fundraising.people.news import AskSecondOwner
from fundraising.people.roles import Role
from fundraising.refusals import NotFrozen, SecondPersonNeeded
from fundraising.statuses import AttemptState, PayoutStatus
from fundraising.stops import State, freeze, read
from storage import jobs
from storage.database import Database
from storage.payout_tables import attempts, payouts, switch


class Switch:
    def __init__(self, database: Database, now: Callable[[], datetime]):
        self._database, self._now = database, now

    async def state(self) -> State:
        return await self._database.read(lambda conn: read(conn, lock=False))

    async def freeze(self, by: int, because: str) -> None:
        """Any checker or owner. Raises NotAllowed."""

        def fn(conn: Connection) -> None:
            roles.demand(conn, by, Role.CHECKER)
            freeze(conn, because, self._now(), by)

        await self._database.write(fn)

    async def unfreeze(self, by: int) -> bool:
        """The first owner asks, the second opens; whether it is open now. Raises NotAllowed, NotFrozen,
        SecondPersonNeeded, StillInQuarantine."""

        def fn(conn: Connection) -> bool:
            roles.demand(conn, by, Role.OWNER)
            state = read(conn, lock=True)
            if state.frozen_because is None:
                raise NotFrozen
            owners = roles.holders(conn, Role.OWNER)
            if state.unfreeze_asked_by not in owners:  # nobody asked, or somebody who is an owner no longer
                conn.execute(update(switch).values(unfreeze_asked_by=by))
                others = [owner for owner in owners if owner != by]
                chats = roles.chats_of(conn, others)
                jobs.add(conn, [AskSecondOwner(chat, "unfreeze", 1) for chat in chats], self._now())
                return False
            if state.unfreeze_asked_by == by:
                raise SecondPersonNeeded
            quarantine.end(conn)
            cleared = {"frozen_because": None, "frozen_by": None, "frozen_at": None, "unfreeze_asked_by": None}
            conn.execute(update(switch).values(**cleared))
            stage_held(conn, self._now())
            return True

        return await self._database.write(fn)


def stage_held(conn: Connection, now: datetime, *where: ColumnElement[bool]) -> None:
    """Stages anew what a freeze or a pause held back."""
    waiting = select(attempts.c.payout_id).where(attempts.c.state == AttemptState.WAITING)
    held = select(payouts.c.id, payouts.c.version, payouts.c.batch_id).where(
        (payouts.c.status == PayoutStatus.APPROVED)
        | ((payouts.c.status == PayoutStatus.PROCESSING) & payouts.c.id.in_(waiting)),
        *where,
    )
    jobs.add(
        conn, [SendPayout(row.id, row.version, row.batch_id) for row in conn.execute(held.order_by(rows.p.id))], now
    )
