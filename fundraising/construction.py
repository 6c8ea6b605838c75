"""The use cases put together."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from fundraising.audit.daily import DailyReport
from fundraising.audit.gauges import Gauges
from fundraising.audit.reconciliation import REPORT_AT, Reconciliation
from fundraising.audit.selfcheck import SelfCheck
from fundraising.audit.story.stories import Stories
from fundraising.audit.watch import BooksWatch
from fundraising.evidence.intake import Intake
from fundraising.evidence.retention import Retention
from fundraising.giving.asking import Asking
from fundraising.giving.claim_checks import ClaimChecks
from fundraising.giving.claims import Claims
from fundraising.giving.donations import Donations, GivingSettings
from fundraising.giving.drafts import Drafts
from fundraising.giving.receipts import Receipts
from fundraising.giving.records import DonationRecords
from fundraising.giving.settlement import Settlement
from fundraising.giving.strays import Suspense
from fundraising.inbox import Mailbox
from fundraising.journal import IntentLog
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
from fundraising.paying.requests import PayingSettings, Requests
from fundraising.paying.review import Review
from fundraising.paying.sending import Sending
from fundraising.paying.settlement import PayoutSettlement
from fundraising.paying.switch import Switch
from fundraising.people.api_keys import ApiKeys
from fundraising.people.donors import Donors
from fundraising.people.ngos import Ngos
from fundraising.people.own_phones import OwnPhones
from fundraising.people.staff import Staff
from fundraising.randomness import RandomBytes
from fundraising.recovery.recovery import Recovery
from fundraising.repeats import Repeats
from fundraising.use_cases import Paying, UseCases
from mpesa.client import Mpesa
from mpesa.payouts import MpesaPayouts
from storage.database import Database
from storage.journal import Journal
from storage.vault import Vault

Now = Callable[[], datetime]


def build_use_cases(
    giving: GivingSettings,
    paying: PayingSettings,
    database: Database,
    vault: Vault,
    mpesa: Mpesa,
    payouts: MpesaPayouts,
    now: Now,
    random_bytes: RandomBytes,
    journal: Journal | None = None,
    short_of_space: Callable[[], bool] = lambda: False,
    report_at: time = REPORT_AT,
    keep_hints: timedelta = timedelta(days=30),
) -> UseCases:
    intents = IntentLog(database, journal)
    intake = Intake(database, vault, now)
    intake.register(Settlement(vault, now, giving.negative_gap, paying.shortcodes))
    intake.register(PayoutSettlement(vault, now, paying))
    drafts = Drafts(database, vault, now, giving.try_again_after)
    self_check = SelfCheck(database, vault)
    return UseCases(
        campaigns=Campaigns(database, now),
        donors=Donors(database, vault, now),
        own_phones=OwnPhones(database, vault, now),
        ngos=Ngos(database, vault, now),
        staff=Staff(database, vault, now),
        api_keys=ApiKeys(database, vault, now),
        repeats=Repeats(database, vault, now),
        self_check=self_check,
        books_watch=BooksWatch(database, vault, now),
        receivables=Receivables(database, now),
        suspense=Suspense(database, now),
        reconciliation=Reconciliation(database, now, report_at),
        daily_report=DailyReport(database, self_check, now, report_at),
        drafts=drafts,
        donation_records=DonationRecords(database, vault),
        donations=Donations(database, vault, mpesa, intake, drafts, now, random_bytes, giving, intents, short_of_space),
        intake=intake,
        retention=Retention(database, now, keep_hints),
        asking=Asking(database, vault, mpesa, intake, now, giving),
        claims=Claims(database, now, giving.asks_about_codes),
        receipts=Receipts(database, vault, giving.sends_mail),
        mailing=Mailing(database, vault),
        paying=build_paying(paying, intake, database, vault, payouts, now, random_bytes, intents, short_of_space),
        recovery=Recovery(database, vault, journal, now),
        told=Told(database, now),
        missed=Missed(database, now),
        stories=Stories(database, vault),
        gauges=Gauges(database, now),
    )


def build_paying(
    settings: PayingSettings,
    intake: Intake,
    database: Database,
    vault: Vault,
    mpesa: MpesaPayouts,
    now: Now,
    random_bytes: RandomBytes,
    intents: IntentLog,
    short_of_space: Callable[[], bool],
) -> Paying:
    requests = Requests(database, vault, now, settings, short_of_space)
    approvals = Approvals(database, vault, now, settings.rules)
    claim_checks = ClaimChecks(database, mpesa, now, random_bytes, settings.status_url)
    accounts = Float(database, mpesa, now, random_bytes, settings)
    return Paying(
        drafts=PayoutDrafts(database, vault, now),
        requests=requests,
        approvals=approvals,
        batches=Batches(database, vault, requests, now),
        cards=Cards(database, vault, approvals, settings.rules),
        sending=Sending(database, vault, mpesa, intake, now, random_bytes, settings, intents),
        asking=PayoutAsking(database, vault, mpesa, now, random_bytes, settings),
        review=Review(database, vault, intake, now),
        switch=Switch(database, vault, now),
        float=accounts,
        claim_checks=claim_checks,
        notices=Notices(database, now),
        records=PayoutRecords(database, vault),
        mailbox=Mailbox(database, intake, accounts, now),
    )
