"""What the NGO raises money for."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from fundraising.money import Money
from fundraising.refusals import CampaignClosed, NoSuchCampaign
from storage.tables import campaigns

c = campaigns.c
OPEN, CLOSED = "open", "closed"
CURRENCIES = ("KES",)  # what M-Pesa in Kenya collects
TITLE_LENGTH = 60
LEAST_GOAL = Money.shillings(1)


@dataclass(frozen=True, slots=True)
class Campaign:
    id: int
    slug: str
    title: str
    story: str
    goal: Money
    is_open: bool


def from_row(row: Any) -> Campaign:
    return Campaign(row.id, row.slug, row.title, row.story, Money(row.goal_minor, row.currency), row.status == OPEN)


def reads_as(title: str) -> str:
    """Two titles of which this is the same look the same to people."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", title).casefold() if letter.isalnum())


def load_one(conn: Connection, where: Any) -> Campaign:
    row = conn.execute(select(campaigns).where(where)).one_or_none()
    if row is None:
        raise NoSuchCampaign
    return from_row(row)


def load_open(conn: Connection, campaign_id: int) -> Campaign:
    """Raises NoSuchCampaign, CampaignClosed."""
    campaign = load_one(conn, c.id == campaign_id)
    if not campaign.is_open:
        raise CampaignClosed(campaign.title)
    return campaign


def insert_campaign(conn: Connection, title: str, goal: Money, story: str, now: datetime) -> Campaign:
    values = {
        "title": title,
        "story": story,
        "goal_minor": goal.minor,
        "currency": goal.currency,
        "status": OPEN,
        "created_at": now,
    }
    while True:  # as long as others take the same slug at the same moment
        new = insert_or_ignore(campaigns).values(slug=free_slug(conn, title), **values)
        row = conn.execute(new.on_conflict_do_nothing(index_elements=["slug"]).returning(campaigns)).one_or_none()
        if row:
            return from_row(row)


def free_slug(conn: Connection, title: str) -> str:
    """Letters, digits and hyphens, so that it fits into a web address and into Telegram's deep link."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "campaign"
    taken = set(conn.scalars(select(c.slug).where(c.slug.startswith(stem))))
    return next(slug for n in range(1, len(taken) + 2) if (slug := stem if n == 1 else f"{stem}-{n}") not in taken)
