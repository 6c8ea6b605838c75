"""Everything that bot, HTTP, command line and simulator may ask of the house."""

from dataclasses import dataclass

from fundraising.books.receivables import Receivables
from fundraising.books.selfcheck import SelfCheck
from fundraising.books.standing import Standings
from fundraising.campaigns import Campaigns
from fundraising.giving.asking import Asking
from fundraising.giving.claims import Claims
from fundraising.giving.donations import Donations
from fundraising.giving.drafts import Drafts
from fundraising.giving.settlement import Settlement
from fundraising.paying.approvals import Approvals
from fundraising.paying.asking import PayoutAsking
from fundraising.paying.batches import Batches
from fundraising.paying.cards import Cards
from fundraising.paying.claim_checks import ClaimChecks
from fundraising.paying.drafts import PayoutDrafts
from fundraising.paying.float import Float
from fundraising.paying.mailbox import Mailbox
from fundraising.paying.notices import Notices
from fundraising.paying.requests import Requests
from fundraising.paying.review import Review
from fundraising.paying.sending import Sending
from fundraising.paying.settlement import PayoutSettlement
from fundraising.paying.switch import Switch
from fundraising.people.donors import Donors
from fundraising.people.ngos import Ngos
from fundraising.people.staff import Staff


@dataclass(frozen=True)
class Paying:
    drafts: PayoutDrafts
    requests: Requests
    approvals: Approvals
    batches: Batches
    cards: Cards
    sending: Sending
    settlement: PayoutSettlement
    asking: PayoutAsking
    review: Review
    switch: Switch
    float: Float
    claim_checks: ClaimChecks
    notices: Notices
    mailbox: Mailbox


@dataclass(frozen=True)
class UseCases:
    campaigns: Campaigns
    standings: Standings
    donors: Donors
    ngos: Ngos
    staff: Staff
    self_check: SelfCheck
    receivables: Receivables
    drafts: Drafts
    donations: Donations
    settlement: Settlement
    asking: Asking
    claims: Claims
    paying: Paying
