"""Why nothing is sent, and why M-Pesa is not even asked. Causes stand side by side until two owners lift them."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from fundraising.people import consent, roles
from fundraising.people.consent import Kind
from fundraising.people.news import TellFrozen
from fundraising.people.roles import Role
from fundraising.refusals import SendingFrozen
from fundraising.statuses import Stop, StopCause
from storage import jobs
from storage.stop_tables import stops, switch
from storage.vault import Vault

s = stops.c


@dataclass(frozen=True, slots=True)
class State:
    stops: tuple[Stop, ...]  # the earliest first
    unfreeze_asked_by: int | None = None

    @property
    def is_frozen(self) -> bool:
        return bool(self.stops)


def standing(conn: Connection, lock: bool = False) -> tuple[Stop, ...]:
    """The earliest first. Locked, nobody stops sending before the transaction ends: whoever sends commits its intent
    first."""
    if lock:
        conn.execute(select(switch.c.id).with_for_update())
    rows = conn.execute(select(stops).where(s.lifted_at.is_(None)).order_by(s.id))
    return tuple(Stop(row.id, StopCause(row.cause), row.note, row.payout_id, row.by_id, row.since) for row in rows)


def named(conn: Connection, vault: Vault, found: tuple[Stop, ...]) -> tuple[Stop, ...]:
    return tuple(replace(each, by_name=roles.name_of(conn, vault, each.by)) if each.by else each for each in found)


def initiator_is_refused(conn: Connection) -> bool:
    """Asking on with a refused password locks it."""
    return any(stop.cause is StopCause.INITIATOR for stop in standing(conn))


def demand_open(conn: Connection) -> None:
    """Raises SendingFrozen."""
    if found := standing(conn, lock=True):
        raise SendingFrozen(found)


def freeze(
    conn: Connection,
    cause: StopCause,
    now: datetime,
    note: str = "",
    payout_id: int | None = None,
    by: int | None = None,
) -> None:
    """Beside whatever stops sending already; takes back a half-given consent to unfreeze."""
    found = standing(conn, lock=True)
    consent.withdraw(conn, now, consent.c.kind == Kind.UNFREEZE)
    if any((stop.cause, stop.note, stop.payout_id, stop.by) == (cause, note, payout_id, by) for stop in found):
        return
    row = {"cause": cause, "note": note, "payout_id": payout_id, "by_id": by, "since": now}
    stop_id = conn.scalars(insert(stops).values(**row).returning(s.id)).one()
    everybody = roles.holders(conn, Role.VIEWER)  # whoever asks or approves should know that nothing goes out
    jobs.add(conn, [TellFrozen(chat, stop_id) for chat in roles.chats_of(conn, everybody)], now)


def refuse_initiator(conn: Connection, code: str, reason: object, now: datetime) -> None:
    """M-Pesa does not know our initiator, or not with this password."""
    freeze(conn, StopCause.INITIATOR, now, f"{code} {reason}")


def lift(conn: Connection, now: datetime) -> None:
    """All that stand. Call it with the switch locked."""
    conn.execute(update(stops).where(s.lifted_at.is_(None)).values(lifted_at=now))
