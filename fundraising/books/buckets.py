"""How a campaign stands in each currency, one bucket a currency: never mixed, never converted."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from fundraising import campaigns
from fundraising.books import ledger, reservations
from fundraising.campaigns import Campaign
from fundraising.money import Money
from storage.database import Database
from storage.tables import balances
from storage.tables import campaigns as rows

Buckets = dict[str, Money]


@dataclass(frozen=True, slots=True)
class Bucketed:
    campaign: Campaign
    raised: Buckets  # never lowered by payouts
    paid: Buckets
    reserved: Buckets  # promised to payouts that are not paid yet
    available: Buckets
    givers: int

    @property
    def id(self) -> int:
        return self.campaign.id


class BucketsOfCampaigns:
    def __init__(self, database: Database):
        self._database = database

    async def of(self, campaign_id: int) -> Bucketed:
        """Raises NoSuchCampaign."""
        return await self._database.read(
            lambda conn: bucketed(conn, campaigns.load_one(conn, campaigns.c.id == campaign_id))
        )

    async def newest(self, before: int | None, limit: int) -> list[Bucketed]:
        """The newest first; the next page is `before` the last id of this one."""
        query = select(rows).order_by(rows.c.id.desc()).limit(limit)
        older = query.where(rows.c.id < before) if before else query
        return await self._database.read(
            lambda conn: [bucketed(conn, campaigns.from_row(row)) for row in conn.execute(older).all()]
        )


def bucketed(conn: Connection, campaign: Campaign) -> Bucketed:
    progress = campaigns.progress(conn, campaign)
    currencies = sorted({campaign.goal.currency, *currencies_of(conn, campaign)})
    raised = {each: progress.raised_amounts.get(each, Money(0, each)) for each in currencies}
    return Bucketed(
        campaign,
        raised,
        {each: paid(conn, campaign, raised[each]) for each in currencies},
        {each: reservations.reserved(conn, campaign.id, each) for each in currencies},
        {each: reservations.available(conn, campaign.id, each) for each in currencies},
        progress.givers,
    )


def paid(conn: Connection, campaign: Campaign, raised: Money) -> Money:
    """All that left for this campaign, also what it did not have: that is owed by its receivable."""
    held = ledger.balance(conn, ledger.campaign_account(campaign.id), raised.currency)
    owed = ledger.balance(conn, reservations.receivable_account(campaign.id), raised.currency)
    return raised - held - owed


def currencies_of(conn: Connection, campaign: Campaign) -> list[str]:
    accounts = (ledger.campaign_account(campaign.id), reservations.receivable_account(campaign.id))
    query = select(balances.c.currency).where(balances.c.account.in_(accounts)).distinct()
    return list(conn.scalars(query))
