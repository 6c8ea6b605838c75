"""Why nothing is sent, and why M-Pesa is not even asked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from fundraising.people import roles
from fundraising.people.news import TellFrozen
from fundraising.people.roles import Role
from fundraising.refusals import SendingFrozen
from storage import jobs
from storage.payout_tables import switch

s = switch.c
INITIATOR_REFUSED = "M-Pesa refuses our initiator"  # asking on with a refused password locks it


@dataclass(frozen=True, slots=True)
class State:
    frozen_because: str | None
    frozen_by: int | None
    unfreeze_asked_by: int | None

    @property
    def initiator_is_refused(self) -> bool:
        return (self.frozen_because or "").startswith(INITIATOR_REFUSED)


def read(conn: Connection, lock: bool) -> State:
    """Locked, nobody freezes before the transaction ends: whoever sends commits its intent first."""
    query = select(s.frozen_because, s.frozen_by, s.unfreeze_asked_by)
    row = conn.execute(query.with_for_update() if lock else query).one()
    return State(row.frozen_because, row.frozen_by, row.unfreeze_asked_by)


def demand_open(conn: Connection) -> None:
    """Raises SendingFrozen."""
    state = read(conn, lock=True)
    if state.frozen_because is not None:
        raise SendingFrozen(state.frozen_because)


def freeze(conn: Connection, because: str, now: datetime, by: int | None = None) -> None:
    """Keeps the first reason; takes back a half-given consent to unfreeze."""
    if read(conn, lock=True).frozen_because is not None:
        conn.execute(update(switch).values(unfreeze_asked_by=None))
        return
    conn.execute(update(switch).values(frozen_because=because, frozen_by=by, frozen_at=now, unfreeze_asked_by=None))
    tell_owners_frozen(conn, because, now)


def tell_owners_frozen(conn: Connection, because: str, now: datetime) -> None:
    chats = roles.chats_of(conn, roles.holders(conn, Role.OWNER))
    jobs.add(conn, [TellFrozen(chat, because, now.isoformat()) for chat in chats], now)
