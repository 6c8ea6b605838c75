"""How a campaign stands, by currency: what came in, what is reserved, what was paid, what is left. Never mixed, never
converted."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from fundraising.campaigns import Campaign
from fundraising.ledger.accounts import Account, Kind
from fundraising.money import Money
from storage.tables import balances

b = balances.c
Sums = tuple[int, int, int]  # of an account: all that came in, all that went out, what is reserved
NOTHING: Sums = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Balance:
    raised: Money  # never lowered by payouts
    reserved: Money  # for payouts that are not paid yet
    paid: Money  # all that left, also what the campaign did not have: that is owed by its receivable
    available: Money


@dataclass(frozen=True, slots=True)
class Standing:
    campaign: Campaign
    balances: Mapping[str, Balance]  # by currency; that of the goal is always among them

    @property
    def id(self) -> int:
        return self.campaign.id

    @property
    def balance(self) -> Balance:
        """In the goal's currency."""
        return self.balances[self.campaign.goal.currency]

    @property
    def percent(self) -> int:
        return self.balance.raised.minor * 100 // self.campaign.goal.minor


def standing(conn: Connection, campaign: Campaign) -> Standing:
    kinds = {str(Account(kind, campaign.id)): kind for kind in (Kind.CAMPAIGN, Kind.RECEIVABLE, Kind.RETURNED)}
    found: defaultdict[str, dict[Kind, Sums]] = defaultdict(dict)
    query = select(b.account, b.currency, b.in_minor, b.out_minor, b.reserved_minor)
    for account, currency, came, went, reserved in conn.execute(query.where(b.account.in_(kinds))):
        found[currency][kinds[account]] = (came, went, reserved)
    currencies = sorted({campaign.goal.currency, *found})
    return Standing(campaign, {each: balance(each, found[each]) for each in currencies})


def balance(currency: str, sums: Mapping[Kind, Sums]) -> Balance:
    came, went, reserved = sums.get(Kind.CAMPAIGN, NOTHING)
    covered, owed, _ = sums.get(Kind.RECEIVABLE, NOTHING)
    returned, *_rest = sums.get(Kind.RETURNED, NOTHING)
    return Balance(
        raised=Money(came - returned, currency),
        reserved=Money(reserved, currency),
        paid=Money(went - returned + owed - covered, currency),
        available=Money(came - went - reserved, currency),
    )
