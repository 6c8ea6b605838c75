"""What was asked for, and who agreed to it: both under a keyed MAC, so that a change in the database is noticed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from fundraising.people import grants
from fundraising.people.roles import INCLUDES, Role
from fundraising.refusals import PayoutAltered
from storage.api_tables import api_keys
from storage.columns import microseconds
from storage.payout_tables import accounts, approvals, payouts
from storage.payout_tables import roles as role_rows
from storage.places import place
from storage.vault import Vault, WrongKey

p, a, r, k = payouts.c, approvals.c, role_rows.c, api_keys.c
PLAIN = (
    *("id", "campaign_id", "ngo_id", "batch_id", "draft_id", "requester_id", "amount_minor", "currency"),
    "approvals_needed",
)
Row = Mapping[Any, Any]
SEALED = ("recipient_name", "recipient_email", "phone", "purpose", "remarks")


def order_mac(vault: Vault, row: Row) -> bytes:
    """Of a payout's row. What is not set is left out, so that a column added later changes none. Raises WrongKey."""
    wanted: dict[str, str | int | None] = {name: row.get(name) for name in PLAIN}
    for name in SEALED:
        sealed = row.get(f"{name}_sealed")
        wanted[name] = vault.open_text(sealed, place(p[f"{name}_sealed"], row["id"])) if sealed is not None else None
    wanted |= {"phone_index": row["phone_index"].hex(), "created_at": microseconds(row["created_at"])}
    parts = sorted((name, value) for name, value in wanted.items() if value is not None)
    return vault.mac("order", *(part for pair in parts for part in pair))


def approval_mac(vault: Vault, order: bytes, row: Row) -> bytes:
    """`order`: the MAC of what is agreed to."""
    people = (row["payout_id"], row["requester_id"], row["approver_id"])
    return vault.mac("approval", order.hex(), *people, row["api_key_id"], microseconds(row["created_at"]))


def agree(conn: Connection, vault: Vault, payout_id: int, by: int, now: datetime, key_id: int | None = None) -> None:
    """Once, but for an approval that counts no more: then anew."""
    order = conn.execute(select(payouts).where(p.id == payout_id)).mappings().one()
    row = {"payout_id": payout_id, "requester_id": order["requester_id"], "approver_id": by, "api_key_id": key_id}
    row |= {"created_at": now}
    row["mac"] = approval_mac(vault, order_mac(vault, order), row)
    earlier = conn.execute(select(approvals).where(a.payout_id == payout_id, a.approver_id == by)).mappings().first()
    if earlier is None:
        conn.execute(insert(approvals).values(**row))
    elif not checkers(conn, vault, now).counts(earlier):
        again = update(approvals).where(a.payout_id == payout_id, a.approver_id == by)
        conn.execute(again.values(created_at=now, api_key_id=key_id, mac=row["mac"]))


def demand_unaltered(conn: Connection, vault: Vault, payout_id: int) -> None:
    """Raises PayoutAltered. Call it before anything is believed of the payout, which it locks."""
    conn.execute(select(p.id).where(p.id == payout_id).with_for_update())
    if next(altered(conn, vault, p.id == payout_id), None):
        raise PayoutAltered(payout_id)


def altered(conn: Connection, vault: Vault, *where: ColumnElement[bool]) -> Iterator[str]:
    """What is wrong with these payouts and their approvals: a sentence each."""
    orders: dict[int, bytes] = {}
    for row in conn.execute(select(payouts).where(*where).order_by(p.id)).mappings().all():
        try:
            orders[row["id"]] = order_mac(vault, row)
        except WrongKey:
            orders[row["id"]] = b""
        if row["order_mac"] != orders[row["id"]]:
            yield f"payout {row['id']} is not what was asked for: somebody changed it in the database"
    agreed = select(approvals).where(a.payout_id.in_(select(p.id).where(*where))).order_by(a.payout_id, a.approver_id)
    for row in conn.execute(agreed).mappings():
        if row["mac"] != approval_mac(vault, orders[row["payout_id"]], row):
            yield f"the approval of payout {row['payout_id']} by person {row['approver_id']} was not given to it"


@dataclass(frozen=True)
class Checkers:
    """Whose agreement counts now: of one moment, for as many payouts as are decided in it."""

    since: dict[int, datetime]  # of those who may approve: from when on, without a break
    keys: frozenset[int]  # that are not over
    in_person: frozenset[int]  # who have a Telegram account; or, of before keys were noted, a key that is not over

    def count(self, conn: Connection, vault: Vault, payout_id: int) -> int:
        order = order_mac(vault, conn.execute(select(payouts).where(p.id == payout_id)).mappings().one())
        agreed = conn.execute(select(approvals).where(a.payout_id == payout_id)).mappings()
        return sum(self.counts(row) and row["mac"] == approval_mac(vault, order, row) for row in agreed)

    def counts(self, row: Row) -> bool:
        """But for its MAC."""
        since, key_id = self.since.get(row["approver_id"]), row["api_key_id"]
        acts = row["approver_id"] in self.in_person if key_id is None else key_id in self.keys
        return acts and since is not None and since <= row["created_at"]


def checkers(conn: Connection, vault: Vault, now: datetime) -> Checkers:
    including = [role for role in Role if Role.CHECKER in INCLUDES[role]]
    since: dict[int, datetime] = {}
    for row in conn.execute(select(role_rows).where(r.role.in_(including)).order_by(r.since.desc())):
        since[row.person_id] = row.since
    genuine = {person: at for person, at in since.items() if grants.are_genuine(conn, vault, person)}
    holds = (k.revoked_at.is_(None), or_(k.expires_at.is_(None), k.expires_at > now))
    keys = {row.id: row.person_id for row in conn.execute(select(k.id, k.person_id).where(*holds))}
    here = {*conn.scalars(select(accounts.c.person_id)), *keys.values()}
    return Checkers(genuine, frozenset(keys), frozenset(here))


def count(conn: Connection, vault: Vault, payout_id: int, now: datetime) -> int:
    """How many people's agreement counts: they may approve, and could without a break since they did."""
    return checkers(conn, vault, now).count(conn, vault, payout_id)


def approvers_of_batch(conn: Connection, batch_id: int) -> list[int]:
    """Of any of its rows."""
    agreed = select(approvals.c.approver_id).join(payouts, payouts.c.id == approvals.c.payout_id)
    of_batch = agreed.where(payouts.c.batch_id == batch_id).group_by(approvals.c.approver_id)
    return list(conn.scalars(of_batch.order_by(func.min(approvals.c.created_at))))


def approvers(conn: Connection, payout_id: int) -> list[int]:
    return list(conn.scalars(select(a.approver_id).where(a.payout_id == payout_id).order_by(a.created_at)))
