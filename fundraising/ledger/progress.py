"""Campaigns, with how far each has come."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from fundraising import names
from fundraising.campaigns import (
    CLOSED,
    CURRENCIES,
    LEAST_GOAL,
    OPEN,
    TITLE_LENGTH,
    Campaign,
    c,
    from_row,
    insert_campaign,
    load_one,
    reads_as,
)
from fundraising.ledger.balances import Standing, standing
from fundraising.money import Money
from fundraising.refusals import BadCampaign
from fundraising.statuses import DonationStatus
from storage.database import Database
from storage.tables import campaigns, donations

rows = select(campaigns)


@dataclass(frozen=True, slots=True)
class Progress(Standing):
    """As donors see it."""

    givers: int


class Campaigns:
    def __init__(self, database: Database, now: Callable[[], datetime]):
        self._database, self._now = database, now

    async def add(self, title: str, goal: Money, story: str = "") -> Campaign:
        """Raises BadCampaign."""
        title = names.tidy(title)
        says_something = any(map(str.isalpha, title)) and len(title) <= TITLE_LENGTH
        if not says_something or goal.minor < LEAST_GOAL.minor or goal.currency not in CURRENCIES:
            raise BadCampaign(f"a title of 1 to {TITLE_LENGTH} letters, a goal from {LEAST_GOAL}, one of {CURRENCIES}")
        return await self._database.write(lambda conn: insert_campaign(conn, title, goal, story.strip(), self._now()))

    async def close(self, campaign_id: int) -> None:
        """No new donations; money that still arrives for it is credited all the same. Raises NoSuchCampaign."""
        statement = update(campaigns).where(c.id == campaign_id, c.status == OPEN)
        await self.find(campaign_id)
        values = {"status": CLOSED, "closed_at": self._now()}
        await self._database.write(lambda conn: conn.execute(statement.values(**values)).rowcount)

    async def namesakes(self, campaign: Campaign) -> list[Campaign]:
        """Other open ones that read the same, to donors too."""
        query = select(campaigns).where(c.status == OPEN, c.id != campaign.id).order_by(c.id)
        others = await self._database.read(lambda conn: list(map(from_row, conn.execute(query))))
        return [each for each in others if reads_as(each.title) == reads_as(campaign.title)]

    async def titles(self, campaign_ids: Collection[int]) -> dict[int, str]:
        query = select(c.id, c.title).where(c.id.in_(campaign_ids))
        return await self._database.read(lambda conn: {row.id: row.title for row in conn.execute(query)})

    async def title(self, campaign_id: int) -> str:
        """Raises NoSuchCampaign."""
        return (await self._database.read(lambda conn: load_one(conn, c.id == campaign_id))).title

    async def standing(self, campaign_id: int) -> Standing:
        """Raises NoSuchCampaign."""
        return await self._database.read(lambda conn: standing(conn, load_one(conn, c.id == campaign_id)))

    async def find(self, campaign_id: int) -> Progress:
        """Raises NoSuchCampaign."""
        return await self._database.read(lambda conn: progress(conn, load_one(conn, c.id == campaign_id)))

    async def by_slug(self, slug: str) -> Progress:
        """Raises NoSuchCampaign."""
        return await self._database.read(lambda conn: progress(conn, load_one(conn, c.slug == slug)))

    async def open_ones(self, limit: int = 100, offset: int = 0) -> list[Progress]:
        return await self._listed(rows.where(c.status == OPEN).order_by(c.id).limit(limit).offset(offset))

    async def all(self) -> list[Progress]:
        return await self._listed(rows.order_by(c.id))

    async def newest(self, before: int | None, limit: int) -> list[Progress]:
        """The newest first; the next page is `before` the last id of this one."""
        older = rows.where(c.id < before) if before else rows
        return await self._listed(older.order_by(c.id.desc()).limit(limit))

    async def _listed(self, query: Select[Any]) -> list[Progress]:
        return await self._database.read(
            lambda conn: [progress(conn, from_row(row)) for row in conn.execute(query).all()]
        )


def progress(conn: Connection, campaign: Campaign) -> Progress:
    stands = standing(conn, campaign)
    given = (donations.c.campaign_id == campaign.id, donations.c.status == DonationStatus.COMPLETED)
    givers = conn.scalar(select(func.count(donations.c.donor_id.distinct())).where(*given)) or 0
    return Progress(campaign, stands.balances, givers)
