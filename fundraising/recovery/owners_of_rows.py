"""The campaign, donor and people that a rebuilt row refers to: found, or made again from what the journal says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from fundraising.campaigns import OPEN
from fundraising.recovery.intents import CampaignSeen, PushIntent
from storage.payout_tables import people
from storage.tables import campaigns, donors
from storage.vault import Vault


def insert_as(conn: Connection, table: Table, wanted_id: int, row: Mapping[str, Any]) -> int:
    """Under its old id, which people have read; under a new one when that was given away meanwhile."""
    taken = conn.scalar(select(table.c.id).where(table.c.id == wanted_id))
    values = {**row} if taken else {**row, "id": wanted_id}
    new_id: int = conn.scalars(insert(table).values(**values).returning(table.c.id)).one()
    if not taken and conn.dialect.name == "postgresql":  # its counter does not notice ids that are given
        highest = select(func.max(table.c.id)).scalar_subquery()
        conn.execute(select(func.setval(func.pg_get_serial_sequence(text(f"'{table.name}'"), text("'id'")), highest)))
    return new_id


def campaign(conn: Connection, seen: CampaignSeen, now: datetime) -> int:
    c = campaigns.c
    known: int | None = conn.scalar(select(c.id).where(c.slug == seen.slug))
    if known:
        return known
    row = {"slug": seen.slug, "title": seen.title, "story": "", "goal_minor": seen.goal_minor}
    return insert_as(conn, campaigns, seen.id, {**row, "currency": seen.currency, "status": OPEN, "created_at": now})


def donor(conn: Connection, vault: Vault, entry: PushIntent, now: datetime) -> int:
    d = donors.c
    chat = int(vault.open_text(entry.donor_chat)) if entry.donor_chat else None
    same = (d.chat_id == chat) if chat else ((d.id == entry.donor_id) & d.chat_id.is_(None))
    known: int | None = conn.scalar(select(d.id).where(same))
    if known:
        return known
    row = {"chat_id": chat, "language": entry.language, "phone_sealed": entry.phone, "created_at": now}
    return insert_as(conn, donors, entry.donor_id, row)


def person(conn: Connection, person_id: int, names: Mapping[int, bytes], now: datetime) -> None:
    """Made again without a role: whoever should have one is named anew."""
    if conn.scalar(select(people.c.id).where(people.c.id == person_id)) is None:
        insert_as(conn, people, person_id, {"name_sealed": names[person_id], "created_at": now})
