"""How a campaign stands: what came in, what is promised, what was paid, what is left."""

from dataclasses import dataclass

from sqlalchemy import Connection

from fundraising import campaigns
from fundraising.books import ledger, reservations
from fundraising.campaigns import Campaign
from fundraising.money import Money
from storage.database import Database


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
    account, currency = ledger.campaign_account(campaign.id), campaign.goal.currency
    raised = ledger.raised(conn, campaign.id).get(currency, Money(0, currency))
    owed = Money(0, currency) - ledger.balance(conn, reservations.receivable_account(campaign.id), currency)
    return Standing(
        campaign,
        raised,
        reservations.reserved(conn, campaign.id, currency),
        raised - ledger.balance(conn, account, currency) + owed,
        reservations.available(conn, campaign.id, currency),
    )
