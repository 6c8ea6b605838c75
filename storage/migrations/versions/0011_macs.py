"""What was asked for, agreed to and granted stands under a keyed MAC, from here on

What an older release holds is believed once, here.

Revision: 0011
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy import Connection

from storage.columns import Id, Instant
from storage.vault import Vault, WrongKey

revision = "0011"
down_revision = "0010"

PLAIN = (
    *("id", "campaign_id", "ngo_id", "batch_id", "draft_id", "requester_id", "amount_minor", "currency"),
    *("purpose", "remarks", "approvals_needed", "created_at"),
)
SEALED = ("recipient_name", "recipient_email", "phone")
Row = Mapping[str, Any]


def upgrade() -> None:
    op.add_column("payouts", sa.Column("order_mac", sa.LargeBinary(), nullable=True))
    op.add_column("approvals", sa.Column("api_key_id", Id, nullable=True))
    op.add_column("roles", sa.Column("since", Instant, server_default="0", nullable=False))
    for table in ("approvals", "roles", "accounts", "api_keys"):
        op.add_column(table, sa.Column("mac", sa.LargeBinary(), nullable=True))
    believe(op.get_bind(), context.config.attributes.get("vault"))


def believe(conn: Connection, vault: Vault | None) -> None:
    rows = {name: found(conn, name) for name in ("payouts", "approvals", "roles", "accounts", "api_keys")}
    if vault is None:
        assert not any(rows.values()), "what was granted and agreed to can only be vouched for with SECRET_KEY"
        return
    orders = {row["id"]: order(vault, row) for row in rows["payouts"]}
    for row in rows["payouts"]:
        put(conn, "payouts", "order_mac", orders[row["id"]], id=row["id"])
    for row in rows["approvals"]:
        people = (row["payout_id"], row["requester_id"], row["approver_id"])
        mac = vault.mac("approval", (orders[people[0]] or b"").hex(), *people, None, row["created_at"])
        put(conn, "approvals", "mac", mac, payout_id=people[0], approver_id=people[2])
    for row in rows["roles"]:
        mac = vault.mac("role", row["person_id"], row["role"], 0)
        put(conn, "roles", "mac", mac, person_id=row["person_id"], role=row["role"])
    for row in rows["accounts"]:
        put(conn, "accounts", "mac", vault.mac("account", row["chat_id"], row["person_id"]), chat_id=row["chat_id"])
    for row in rows["api_keys"]:
        until = (row["expires_at"], row["revoked_at"])
        mac = vault.mac("api key", row["id"], bytes(row["key_hash"]).hex(), row["role"], row["person_id"], *until)
        put(conn, "api_keys", "mac", mac, id=row["id"])


def found(conn: Connection, table: str) -> list[Row]:
    return [dict(row) for row in conn.execute(sa.text(f"SELECT * FROM {table}")).mappings()]  # noqa: S608 names of ours


def put(conn: Connection, table: str, column: str, mac: bytes | None, **key: Any) -> None:
    rows = sa.table(table, sa.column(column, sa.LargeBinary()), *map(sa.column, key))
    which = [rows.c[name] == value for name, value in key.items()]
    conn.execute(sa.update(rows).where(*which).values({column: mac}))


def order(vault: Vault, row: Row) -> bytes | None:
    """None of a payout that cannot be read: it is found by the self-check, and never sent."""
    wanted = {name: row[name] for name in PLAIN}
    try:
        for name in SEALED:
            sealed, place = row[f"{name}_sealed"], f"payouts.{name}_sealed:{row['id']}".encode()
            wanted[name] = vault.open_text(bytes(sealed), place) if sealed is not None else None
    except WrongKey:
        return None
    wanted["phone_index"] = bytes(row["phone_index"]).hex()
    parts = sorted((name, value) for name, value in wanted.items() if value is not None)
    return vault.mac("order", *(part for pair in parts for part in pair))
