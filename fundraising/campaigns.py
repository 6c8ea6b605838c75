"""What the NGO raises money for."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from fundraising.books import ledger
from fundraising.money import Money
from fundraising.refusals import BadCampaign, CampaignClosed, NoSuchCampaign
from fundraising.statuses import DonationStatus
from storage.database import Database
from storage.tables import campaigns, donations

c = campaigns.c
OPEN, CLOSED = "open", "closed"
CURRENCIES = ("KES",)  # what M-Pesa in Kenya collects
TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Campaign:
    id: int
    slug: str
    title: str
    story: str
    goal: Money
    is_open: bool


@dataclass(frozen=True, slots=True)
class Progress:
    campaign: Campaign
    raised_amounts: dict[str, Money]  # by currency, never lowered by payouts
    givers: int

    @property
    def raised(self) -> Money:
        """In the goal's currency."""
        return self.raised_amounts.get(self.campaign.goal.currency, Money(0, self.campaign.goal.currency))

    @property
    def percent(self) -> int:
        return self.raised.minor * 100 // self.campaign.goal.minor


class Campaigns:
    def __init__(self, database: Database, now: Callable[[], datetime]):
        self._database, self._now = database, now

    async def add(self, title: str, goal: Money, story: str = "") -> Campaign:
        """Raises BadCampaign."""
        title = " ".join(title.split())
        if not 0 < len(title) <= TITLE_LENGTH or goal.minor <= 0 or goal.currency not in CURRENCIES:
            raise BadCampaign(f"a title of 1 to {TITLE_LENGTH} letters, a goal above zero, one of {CURRENCIES}")
        return await self._database.write(lambda conn: insert_campaign(conn, title, goal, story.strip(), self._now()))

    async def close(self, campaign_id: int) -> None:
        """No new donations; money that still arrives for it is credited all the same. Raises NoSuchCampaign."""
        statement = update(campaigns).where(c.id == campaign_id, c.status == OPEN)
        await self.find(campaign_id)
        values = {"status": CLOSED, "closed_at": self._now()}
        await self._database.write(lambda conn: conn.execute(statement.values(**values)).rowcount)

    async def find(self, campaign_id: int) -> Progress:
        """Raises NoSuchCampaign."""
        return await self._database.read(lambda conn: progress(conn, load_one(conn, c.id == campaign_id)))

    async def by_slug(self, slug: str) -> Progress:
        """Raises NoSuchCampaign."""
        return await self._database.read(lambda conn: progress(conn, load_one(conn, c.slug == slug)))

    async def open_ones(self, limit: int = 100, offset: int = 0) -> list[Progress]:
        query = select(campaigns).where(c.status == OPEN).order_by(c.id).limit(limit).offset(offset)
        return await self._database.read(lambda conn: [progress(conn, from_row(row)) for row in conn.execute(query)])

    async def all(self) -> list[Progress]:
        query = select(campaigns).order_by(c.id)
        return await self._database.read(lambda conn: [progress(conn, from_row(row)) for row in conn.execute(query)])


def from_row(row: Any) -> Campaign:
    return Campaign(row.id, row.slug, row.title, row.story, Money(row.goal_minor, row.currency), row.status == OPEN)


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


def progress(conn: Connection, campaign: Campaign) -> Progress:
    raised = ledger.raised(conn, campaign.id)
    given = (donations.c.campaign_id == campaign.id, donations.c.status == DonationStatus.COMPLETED)
    givers = conn.scalar(select(func.count(donations.c.donor_id.distinct())).where(*given)) or 0
    return Progress(campaign, raised, givers)


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
