"""How a campaign stands: what came in, what is promised, what was paid, what is left. In the goal's currency; or in
each, one bucket a currency: never mixed, never converted."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from fundraising import campaigns
from fundraising.campaigns import Campaign
from fundraising.ledger import accounts, posting, reservations
from fundraising.ledger.progress import progress
from fundraising.money import Money
from storage.database import Database
from storage.tables import balances
from storage.tables import campaigns as rows

Buckets = dict[str, Money]


@dataclass(frozen=True, slots=True)
class Standing:
    """In the currency of the campaign's goal."""

    campaign: Campaign
    raised: Money
    promised: Money
    paid: Money
    available: Money


class Standings:
    def __init__(self, database: Database):
        self._database = database

    async def of(self, campaign_id: int) -> Standing:
        """Raises NoSuchCampaign."""
        return await self._database.read(
            lambda conn: of_one(conn, campaigns.load_one(conn, campaigns.c.id == campaign_id))
        )


def of_one(conn: Connection, campaign: Campaign) -> Standing:
    account, currency = accounts.campaign(campaign.id), campaign.goal.currency
    raised = posting.raised(conn, campaign.id).get(currency, Money(0, currency))
    owed = Money(0, currency) - posting.balance(conn, accounts.receivable(campaign.id), currency)
    return Standing(
        campaign,
        raised,
        reservations.reserved(conn, campaign.id, currency),
        raised - posting.balance(conn, account, currency) + owed,
        reservations.available(conn, campaign.id, currency),
    )


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
    come = progress(conn, campaign)
    currencies = sorted({campaign.goal.currency, *currencies_of(conn, campaign)})
    raised = {each: come.raised_amounts.get(each, Money(0, each)) for each in currencies}
    return Bucketed(
        campaign,
        raised,
        {each: paid(conn, campaign, raised[each]) for each in currencies},
        {each: reservations.reserved(conn, campaign.id, each) for each in currencies},
        {each: reservations.available(conn, campaign.id, each) for each in currencies},
        come.givers,
    )


def paid(conn: Connection, campaign: Campaign, raised: Money) -> Money:
    """All that left for this campaign, also what it did not have: that is owed by its receivable."""
    held = posting.balance(conn, accounts.campaign(campaign.id), raised.currency)
    owed = posting.balance(conn, accounts.receivable(campaign.id), raised.currency)
    return raised - held - owed


def currencies_of(conn: Connection, campaign: Campaign) -> list[str]:
    both = (str(accounts.campaign(campaign.id)), str(accounts.receivable(campaign.id)))
    query = select(balances.c.currency).where(balances.c.account.in_(both)).distinct()
    return list(conn.scalars(query))
