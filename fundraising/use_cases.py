"""Everything that bot, HTTP, command line and simulator may ask of the house."""

from dataclasses import dataclass

from fundraising.audit.daily import DailyReport
from fundraising.audit.gauges import Gauges
from fundraising.audit.reconciliation import Reconciliation
from fundraising.audit.selfcheck import SelfCheck
from fundraising.audit.story.stories import Stories
from fundraising.audit.watch import BooksWatch
from fundraising.evidence.intake import Intake
from fundraising.evidence.retention import Retention
from fundraising.giving.asking import Asking
from fundraising.giving.claim_checks import ClaimChecks
from fundraising.giving.claims import Claims
from fundraising.giving.donations import Donations
from fundraising.giving.drafts import Drafts
from fundraising.giving.receipts import Receipts
from fundraising.giving.records import DonationRecords
from fundraising.giving.strays import Suspense
from fundraising.inbox import Mailbox
from fundraising.ledger.progress import Campaigns
from fundraising.ledger.receivables import Receivables
from fundraising.mailing import Mailing
from fundraising.messages import Told
from fundraising.missed import Missed
from fundraising.paying.approvals import Approvals
from fundraising.paying.asking import PayoutAsking
from fundraising.paying.batches import Batches
from fundraising.paying.cards import Cards
from fundraising.paying.drafts import PayoutDrafts
from fundraising.paying.float import Float
from fundraising.paying.notices import Notices
from fundraising.paying.records import PayoutRecords
from fundraising.paying.requests import Requests
from fundraising.paying.review import Review
from fundraising.paying.sending import Sending
from fundraising.paying.switch import Switch
from fundraising.people.api_keys import ApiKeys
from fundraising.people.donors import Donors
from fundraising.people.ngos import Ngos
from fundraising.people.own_phones import OwnPhones
from fundraising.people.staff import Staff
from fundraising.recovery.recovery import Recovery
from fundraising.repeats import Repeats


@dataclass(frozen=True)
class Paying:
    drafts: PayoutDrafts
    requests: Requests
    approvals: Approvals
    batches: Batches
    cards: Cards
    sending: Sending
    asking: PayoutAsking
    review: Review
    switch: Switch
    float: Float
    claim_checks: ClaimChecks
    notices: Notices
    records: PayoutRecords
    mailbox: Mailbox


@dataclass(frozen=True)
class UseCases:
    campaigns: Campaigns
    donors: Donors
    own_phones: OwnPhones
    ngos: Ngos
    staff: Staff
    api_keys: ApiKeys
    repeats: Repeats
    self_check: SelfCheck
    books_watch: BooksWatch
    receivables: Receivables
    suspense: Suspense
    reconciliation: Reconciliation
    daily_report: DailyReport
    drafts: Drafts
    donations: Donations
    donation_records: DonationRecords
    intake: Intake
    retention: Retention
    asking: Asking
    claims: Claims
    receipts: Receipts
    mailing: Mailing
    paying: Paying
    recovery: Recovery
    told: Told
    missed: Missed
    stories: Stories
    gauges: Gauges
