"""The use cases put together, and the worker of the jobs that they leave."""

from collections.abc import Callable
from datetime import datetime

from fundraising.books.receivables import Receivables
from fundraising.books.selfcheck import SelfCheck
from fundraising.books.standing import Standings
from fundraising.campaigns import Campaigns
from fundraising.chance import RandomBytes
from fundraising.giving.asking import Asking
from fundraising.giving.claims import Claims
from fundraising.giving.donations import Donations, GivingSettings
from fundraising.giving.drafts import Drafts
from fundraising.giving.settlement import Settlement
from fundraising.giving.tasks import MPESA, AskMpesa, PushAgain, SettleWaiting
from fundraising.paying.approvals import Approvals
from fundraising.paying.asking import PayoutAsking
from fundraising.paying.batches import Batches
from fundraising.paying.cards import Cards
from fundraising.paying.claim_checks import ClaimChecks
from fundraising.paying.drafts import PayoutDrafts
from fundraising.paying.float import Float
from fundraising.paying.mailbox import Mailbox
from fundraising.paying.notices import Notices
from fundraising.paying.requests import PayingSettings, Requests
from fundraising.paying.review import Review
from fundraising.paying.sending import Sending
from fundraising.paying.settlement import PayoutSettlement
from fundraising.paying.switch import Switch
from fundraising.paying.tasks import AskAboutPayout, AskBalance, CheckClaim, ExpirePayout, SendPayout
from fundraising.people.donors import Donors
from fundraising.people.ngos import Ngos
from fundraising.people.staff import Staff
from fundraising.use_cases import Paying, UseCases
from mpesa.client import Mpesa
from mpesa.payouts import MpesaPayouts
from storage.database import Database
from storage.vault import Vault
from trustvoice.worker import Worker

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
) -> UseCases:
    settlement = Settlement(database, vault, now, giving.negative_gap)
    drafts = Drafts(database, vault, now, giving.try_again_after)
    return UseCases(
        campaigns=Campaigns(database, now),
        standings=Standings(database),
        donors=Donors(database, vault, now),
        ngos=Ngos(database, vault, now),
        staff=Staff(database, vault, now),
        self_check=SelfCheck(database),
        receivables=Receivables(database, now),
        drafts=drafts,
        donations=Donations(database, vault, mpesa, settlement, drafts, now, random_bytes, giving),
        settlement=settlement,
        asking=Asking(database, vault, mpesa, settlement, now, giving),
        claims=Claims(database, now),
        paying=build_paying(paying, settlement, database, vault, payouts, now, random_bytes),
    )


def build_paying(
    settings: PayingSettings,
    giving_settlement: Settlement,
    database: Database,
    vault: Vault,
    mpesa: MpesaPayouts,
    now: Now,
    random_bytes: RandomBytes,
) -> Paying:
    requests = Requests(database, vault, now, settings)
    approvals = Approvals(database, vault, now)
    settlement = PayoutSettlement(database, vault, now, settings)
    claim_checks = ClaimChecks(database, vault, mpesa, giving_settlement, now, random_bytes, settings)
    accounts = Float(database, mpesa, now, random_bytes, settings)
    return Paying(
        drafts=PayoutDrafts(database, vault, now),
        requests=requests,
        approvals=approvals,
        batches=Batches(database, vault, requests, now),
        cards=Cards(database, vault, approvals),
        sending=Sending(database, vault, mpesa, settlement, now, random_bytes, settings),
        settlement=settlement,
        asking=PayoutAsking(database, vault, mpesa, now, random_bytes, settings),
        review=Review(database, vault, settlement, now),
        switch=Switch(database, now),
        float=accounts,
        claim_checks=claim_checks,
        notices=Notices(database, now),
        mailbox=Mailbox(database, settlement, claim_checks, accounts, now),
    )


def mpesa_worker(database: Database, now: Now, use_cases: UseCases) -> Worker:
    paying = use_cases.paying
    return (
        Worker(database, now, MPESA)
        .on(AskMpesa, use_cases.asking.ask)
        .on(PushAgain, use_cases.donations.push_again)
        .on(SettleWaiting, use_cases.settlement.settle_waiting)
        .on(SendPayout, paying.sending.send)
        .on(AskAboutPayout, paying.asking.ask)
        .on(ExpirePayout, paying.requests.expire)
        .on(CheckClaim, paying.claim_checks.check)
        .on(AskBalance, paying.float.ask)
    )
