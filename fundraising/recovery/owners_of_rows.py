"""The campaign, donor and people that a rebuilt row refers to: found, or made again from what the journal says."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from fundraising import journal
from fundraising.campaigns import OPEN
from fundraising.journal import CampaignSeen, PaymentIntent, PushIntent
from fundraising.people import phones
from storage.payout_tables import people
from storage.places import next_id, place
from storage.tables import campaigns, donors
from storage.vault import Vault

p = people.c


def insert_as(conn: Connection, table: Table, wanted_id: int, row_of: Callable[[int], Mapping[str, Any]]) -> int:
    """Under its old id, which people have read; under a new one when that was given away meanwhile."""
    taken = conn.scalar(select(table.c.id).where(table.c.id == wanted_id))
    new_id = next_id(conn, table) if taken else wanted_id
    conn.execute(insert(table).values(id=new_id, **row_of(new_id)))
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
    whole = {**row, "currency": seen.currency, "status": OPEN, "created_at": now}
    return insert_as(conn, campaigns, seen.id, lambda _id: whole)


def donor(conn: Connection, vault: Vault, entry: PushIntent, now: datetime) -> int:
    d = donors.c
    where = journal.place("donor_chat", entry.reference)
    chat = int(journal.open_text(vault, entry.donor_chat, where)) if entry.donor_chat else None
    same = (d.chat_id == chat) if chat else ((d.id == entry.donor_id) & d.chat_id.is_(None))
    known: int | None = conn.scalar(select(d.id).where(same))
    if known:
        return known
    phone = journal.phone_in(vault, entry)

    def row_of(donor_id: int) -> dict[str, Any]:
        sealed = phones.seal(vault, phone, place(d.phone_sealed, donor_id))
        return {"chat_id": chat, "language": entry.language, "phone_sealed": sealed, "created_at": now}

    return insert_as(conn, donors, entry.donor_id, row_of)


def person(conn: Connection, vault: Vault, person_id: int, entry: PaymentIntent, now: datetime) -> None:
    """Made again without a role: whoever should have one is named anew."""
    if conn.scalar(select(people.c.id).where(people.c.id == person_id)) is None:
        where = journal.name_place(entry.originator_id, person_id)
        name = vault.seal_text(journal.open_text(vault, entry.names[person_id], where), place(p.name_sealed, person_id))
        insert_as(conn, people, person_id, lambda _id: {"name_sealed": name, "created_at": now})
