"""Every kind of job and who handles it, on one screen; a worker for each lane."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from telegram import Bot
from telegram.error import InvalidToken, NetworkError

from bot.books.notifier import BooksNotifier
from bot.chat.updates import UpdateHandler
from bot.giving.notifier import GiftNotifier
from bot.paying.batch_notifier import BatchNotifier
from bot.paying.notifier import PayoutNotifier
from bot.people.notifier import PeopleNotifier
from fundraising.audit.daily import Reconcile
from fundraising.audit.news import SendReport
from fundraising.audit.watch import CheckBooks
from fundraising.construction import Now
from fundraising.evidence.intake import SettleWaiting
from fundraising.evidence.retention import ForgetHints
from fundraising.giving.news import AskSecondPerson, OfferTryAgain, ShowWaiting, TellDecided, TellDonor
from fundraising.giving.tasks import AskMpesa, AskOnceMore, CheckClaim, CheckClaimAgain, PushAgain
from fundraising.lanes import MAIL, MPESA, TELEGRAM
from fundraising.mailing import MailAboutPayout, MailBatchResult, MailReceipt, MailRecipient
from fundraising.missed import Missed, Unreachable
from fundraising.news import TellOwner, TellOwners
from fundraising.paying.news import (
    AskBatchChecker,
    AskChecker,
    SendBatchResult,
    ShowBatch,
    ShowBatchDecision,
    ShowDecision,
    TellAboutPayout,
    TellBatchAgreed,
    TellRecipient,
    WarnLowFloat,
)
from fundraising.paying.tasks import AskAboutPayout, AskBalance, AskBalanceFor, ExpirePayout, RebuildPayment, SendPayout
from fundraising.people.news import (
    AskSecondOwner,
    MakeRoleChange,
    TellFrozen,
    TellKeyMade,
    TellNgoSaved,
    TellRoleChange,
    TellUnfrozen,
)
from fundraising.repeats import ClearRepeats
from fundraising.use_cases import UseCases
from storage import jobs
from storage.database import Database
from trustvoice.mail.mailer import MailDown, Mailer
from trustvoice.mail.notifier import MailNotifier
from trustvoice.running.inbox import INBOX, ClearInbox, HandleUpdate, Inbox
from trustvoice.running.worker import ALONE, Sharing, Worker

log = logging.getLogger(__name__)
J = TypeVar("J", bound=jobs.Job)
Handler = Callable[[J, int], Awaitable[datetime | None]]


def mpesa_worker(database: Database, now: Now, house: UseCases, sharing: Sharing = ALONE) -> Worker:
    paying = house.paying
    return (
        Worker(database, now, MPESA, sharing=sharing)
        .on(AskMpesa, house.asking.ask)
        .on(AskOnceMore, house.asking.ask_once_more)
        .on(PushAgain, house.donations.push_again)
        .on(SettleWaiting, house.intake.settle_waiting, apart=True)
        .on(ForgetHints, house.retention.forget)
        .on(CheckClaim, paying.claim_checks.check)
        .on(CheckClaimAgain, paying.claim_checks.check_again)
        .on(SendPayout, paying.sending.send)
        .on(AskAboutPayout, paying.asking.ask)
        .on(ExpirePayout, paying.requests.expire, apart=True)
        .on(AskBalance, paying.float.ask)
        .on(AskBalanceFor, paying.float.ask)
        .on(MakeRoleChange, house.staff.make_change)
        .on(CheckBooks, house.books_watch.check, apart=True)
        .on(Reconcile, house.daily_report.make, apart=True)
        .on(ClearRepeats, house.repeats.clear, apart=True)
        .on(RebuildPayment, house.recovery.rebuild_payment)
    )


def telling_worker(database: Database, now: Now, telegram: Bot, house: UseCases, sharing: Sharing = ALONE) -> Worker:
    gifts, people = GiftNotifier(telegram, house, now), PeopleNotifier(telegram, house, now)
    books = BooksNotifier(telegram, house, now)
    payouts, batches = PayoutNotifier(telegram, house, now), BatchNotifier(telegram, house, now)
    kept = kept_if_missed(house.missed)
    return (
        Worker(database, now, TELEGRAM, outages=(NetworkError, InvalidToken), sharing=sharing)
        .on(TellDonor, kept(gifts.tell_donor))
        .on(TellDecided, kept(gifts.tell_decided))
        .on(ShowWaiting, passing(gifts.show_waiting))
        .on(OfferTryAgain, passing(gifts.offer_try_again))
        .on(TellOwners, gifts.tell_owners)
        .on(TellOwner, kept(gifts.tell_owner))
        .on(AskChecker, kept(payouts.ask_checker))
        .on(ShowDecision, passing(payouts.show_decision))
        .on(TellAboutPayout, kept(payouts.tell_about_payout))
        .on(TellRecipient, kept(payouts.tell_recipient))
        .on(AskBatchChecker, kept(batches.ask_checker))
        .on(ShowBatchDecision, passing(batches.show_decision))
        .on(ShowBatch, passing(batches.show_progress))
        .on(SendBatchResult, kept(batches.send_result))
        .on(TellFrozen, kept(people.tell_frozen))
        .on(TellUnfrozen, kept(people.tell_unfrozen))
        .on(TellRoleChange, kept(people.tell_role_change))
        .on(TellNgoSaved, kept(people.tell_ngo_saved))
        .on(TellBatchAgreed, kept(batches.tell_agreed))
        .on(WarnLowFloat, kept(people.warn_low_float))
        .on(AskSecondOwner, kept(people.ask_second_owner))
        .on(AskSecondPerson, kept(books.ask_second_person))
        .on(SendReport, kept(books.send_report))
        .on(TellKeyMade, kept(people.tell_key_made))
    )


def kept_if_missed(missed: Missed) -> Callable[[Handler[J]], Handler[J]]:
    """What a closed chat could not take is kept for its next /start."""

    def kept(handle: Handler[J]) -> Handler[J]:
        async def tell(job: J, attempt: int) -> datetime | None:
            try:
                return await handle(job, attempt)
            except Unreachable as closed:
                await missed.keep(closed.chat_id, job)
                return None

        return tell

    return kept


def passing(handle: Handler[J]) -> Handler[J]:
    """What only changes a message that is there already: nobody misses it."""

    async def show(job: J, attempt: int) -> datetime | None:
        try:
            return await handle(job, attempt)
        except Unreachable:
            return None

    return show


def mail_worker(
    database: Database, now: Now, house: UseCases, mailer: Mailer | None, sharing: Sharing = ALONE
) -> Worker:
    """Few at a time: mail servers mind it otherwise. Without a mailer nothing waits for one: the jobs end."""
    notifier = MailNotifier(mailer, house, now) if mailer else None
    return (
        Worker(database, now, MAIL, slots=2, outages=(MailDown,), sharing=sharing)
        .on(MailReceipt, notifier.mail_receipt if notifier else not_mailed)
        .on(MailAboutPayout, notifier.mail_about_payout if notifier else not_mailed)
        .on(MailBatchResult, notifier.mail_batch_result if notifier else not_mailed)
        .on(MailRecipient, notifier.mail_recipient if notifier else not_mailed)
    )


def inbox_worker(
    database: Database, now: Now, inbox: Inbox, handler: UpdateHandler, sharing: Sharing = ALONE
) -> Worker:
    return (
        Worker(database, now, INBOX, sharing=sharing)
        .on(HandleUpdate, inbox.handled_by(handler.handle))
        .on(ClearInbox, inbox.clear)
    )


async def not_mailed(job: jobs.Job, _attempt: int) -> None:
    log.info("SMTP_URL is not set, so nobody is told by e-mail: %s", job)
