"""The one switch that stops all sending. One person, or TrustVoice itself, freezes; it takes two owners to unfreeze."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from fundraising import stops
from fundraising.paying import payout as rows
from fundraising.paying import quarantine
from fundraising.paying.tasks import SendPayout
from fundraising.people import consent, roles
from fundraising.people.consent import Kind, Matter
from fundraising.people.news import AskSecondOwner, TellUnfrozen
from fundraising.people.roles import Role
from fundraising.refusals import NotFrozen
from fundraising.statuses import AttemptState, PayoutStatus, Stop, StopCause
from fundraising.stops import State
from storage import jobs
from storage.database import Database
from storage.payout_tables import attempts, payouts
from storage.vault import Vault

YES = "yes"


class Switch:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]):
        self._database, self._vault, self._now = database, vault, now

    async def state(self) -> State:
        def fn(conn: Connection) -> State:
            found = stops.standing(conn)
            asked = consent.standing(conn, matter_of(found), self._now()) if found else ()
            return State(stops.named(conn, self._vault, found), asked[0].by if asked else None)

        return await self._database.read(fn)

    async def freeze(self, by: int, because: str) -> None:
        """Any checker or owner. Raises NotAllowed."""

        def fn(conn: Connection) -> None:
            roles.demand(conn, by, Role.CHECKER)
            stops.freeze(conn, StopCause.PERSON, self._now(), because, by=by)

        await self._database.write(fn)

    async def unfreeze(self, by: int) -> bool:
        """The first owner asks, the second lifts all that stands; whether it is open now. Raises NotAllowed, NotFrozen,
        SecondPersonNeeded, StillInQuarantine."""

        def fn(conn: Connection) -> bool:
            roles.demand(conn, by, Role.OWNER)
            found, now = stops.standing(conn, lock=True), self._now()
            if not found:
                raise NotFrozen
            agreed = consent.say(conn, matter_of(found), YES, by, now)
            if agreed is None:
                others = [owner for owner in roles.holders(conn, Role.OWNER) if owner != by]
                chats = roles.chats_of(conn, others)
                jobs.add(conn, [AskSecondOwner(chat, "unfreeze", 1) for chat in chats], now)
                return False
            quarantine.end(conn)
            stops.lift(conn, now)
            tell_unfrozen(conn, agreed.by, by, stage_held(conn, now), now)
            return True

        return await self._database.write(fn)


def matter_of(found: Sequence[Stop]) -> Matter:
    """Nobody agreed to what stops sending since."""
    return Matter(Kind.UNFREEZE, str(found[-1].id))


def tell_unfrozen(conn: Connection, first: int | None, second: int, held: int, now: datetime) -> None:
    """To everybody with a role, as it was told that sending stopped."""
    chats = roles.chats_of(conn, roles.holders(conn, Role.VIEWER))
    jobs.add(conn, [TellUnfrozen(chat, first, second, held, now.isoformat()) for chat in chats], now)


def stage_held(conn: Connection, now: datetime, *where: ColumnElement[bool]) -> int:
    """Stages anew what a freeze or a pause held back; how much that is."""
    waiting = select(attempts.c.payout_id).where(attempts.c.state == AttemptState.WAITING)
    held = select(payouts.c.id, payouts.c.version, payouts.c.batch_id).where(
        (payouts.c.status == PayoutStatus.APPROVED)
        | ((payouts.c.status == PayoutStatus.PROCESSING) & payouts.c.id.in_(waiting)),
        *where,
    )
    found = [SendPayout(row.id, row.version, row.batch_id) for row in conn.execute(held.order_by(rows.p.id))]
    jobs.add(conn, found, now)
    return len(found)
