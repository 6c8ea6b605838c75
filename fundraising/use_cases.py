"""Everything that bot, HTTP, command line and simulator may ask of the house."""

from dataclasses import dataclass

from fundraising.books.selfcheck import SelfCheck
from fundraising.campaigns import Campaigns
from fundraising.giving.asking import Asking
from fundraising.giving.claims import Claims
from fundraising.giving.donations import Donations
from fundraising.giving.drafts import Drafts
from fundraising.giving.settlement import Settlement
from fundraising.people.donors import Donors


@dataclass(frozen=True)
class UseCases:
    campaigns: Campaigns
    donors: Donors
    drafts: Drafts
    donations: Donations
    settlement: Settlement
    asking: Asking
    claims: Claims
    self_check: SelfCheck
