"""The one place that knows concrete classes. Give it fakes, and bot, server, workers and command line run on them."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import web
from telegram import Bot
from telegram.error import NetworkError

import bot.app
import webhooks.app
from bot.lifecycle import TelegramSide
from bot.notifier import Notifier
from bot.treasury.batch_notifier import BatchNotifier
from bot.treasury.notifier import PayoutNotifier
from bot.treasury.owner_notifier import OwnerNotifier
from bot.updates import UpdateHandler
from fundraising.chance import RandomBytes
from fundraising.giving.donations import GivingSettings
from fundraising.money import Money
from fundraising.news import TELEGRAM, OfferTryAgain, ShowWaiting, TellDonor, TellOwners
from fundraising.paying.news import (
    AskBatchChecker,
    AskChecker,
    AskSecondOwner,
    SendBatchResult,
    ShowBatch,
    ShowBatchDecision,
    ShowDecision,
    TellAboutPayout,
    TellFrozen,
    TellRecipient,
    WarnLowFloat,
)
from fundraising.paying.requests import PayingSettings
from fundraising.use_cases import UseCases
from mpesa.client import DarajaClient, DarajaSettings, Mpesa
from mpesa.payouts import InitiatorSettings, MpesaPayouts
from storage import open_database
from storage.database import Database
from storage.vault import Vault
from trustvoice.house import Now, build_use_cases, mpesa_worker
from trustvoice.inbox import INBOX, ClearInbox, HandleUpdate, Inbox
from trustvoice.no_payouts import NoPayouts
from trustvoice.settings import Settings, security_credential
from trustvoice.worker import Worker
from webhooks.keys import Readiness, TelegramInbox


@dataclass(frozen=True)
class Program:
    settings: Settings
    database: Database
    vault: Vault
    mpesa: Mpesa
    use_cases: UseCases
    inbox: Inbox
    telegram: TelegramSide
    web: web.Application
    workers: list[Worker]


def bootstrap(
    settings: Settings,
    secret_key: str,
    mpesa: Mpesa | None = None,
    payouts: MpesaPayouts | None = None,
    telegram: Bot | None = None,
    database: Database | None = None,
    now: Now = lambda: datetime.now(UTC),
    random_bytes: RandomBytes = secrets.token_bytes,
) -> Program:
    """Opens nothing and calls nobody."""
    database = database or open_database(settings.database_url)
    vault = Vault(secret_key)
    daraja = DarajaClient(daraja_settings(settings), now)
    mpesa, payouts = mpesa or daraja, payouts or payouts_of(settings, daraja)
    use_cases = build_use_cases(
        giving_settings(settings), paying_settings(settings), database, vault, mpesa, payouts, now, random_bytes
    )
    inbox = Inbox(database, vault, now)
    telegram_app = bot.app.build(
        settings.telegram_bot_token.get_secret_value(),
        settings.telegram_base_url,
        settings.telegram_base_file_url,
        use_cases,
        inbox.find,
        now,
    )
    secret = telegram_secret(secret_key)
    telegram_side = TelegramSide(
        telegram_app, settings.telegram_mode, settings.telegram_webhook_url, secret, inbox.store
    )
    workers = [
        mpesa_worker(database, now, use_cases),
        telling_worker(
            database, now, telegram or telegram_app.bot, use_cases, timedelta(seconds=settings.try_again_after)
        ),
        Worker(database, now, INBOX)
        .on(HandleUpdate, inbox.handled_by(UpdateHandler(telegram_app).handle))
        .on(ClearInbox, inbox.clear),
    ]
    readiness = Readiness(lambda: can_store(database), {"telegram": lambda: telegram_side.ready})
    web_app = webhooks.app.build(use_cases, TelegramInbox(secret, inbox.store), readiness)
    return Program(settings, database, vault, mpesa, use_cases, inbox, telegram_side, web_app, workers)


def telling_worker(
    database: Database, now: Now, telegram: Bot, use_cases: UseCases, try_again_after: timedelta
) -> Worker:
    notifier = Notifier(telegram, use_cases, now, try_again_after)
    payouts, batches = PayoutNotifier(telegram, use_cases, now), BatchNotifier(telegram, use_cases, now)
    owners = OwnerNotifier(telegram, use_cases, now)
    return (
        Worker(database, now, TELEGRAM, outages=(NetworkError,))
        .on(TellDonor, notifier.tell_donor)
        .on(ShowWaiting, notifier.show_waiting)
        .on(OfferTryAgain, notifier.offer_try_again)
        .on(TellOwners, notifier.tell_owners)
        .on(AskChecker, payouts.ask_checker)
        .on(ShowDecision, payouts.show_decision)
        .on(TellAboutPayout, payouts.tell_about_payout)
        .on(TellRecipient, payouts.tell_recipient)
        .on(AskBatchChecker, batches.ask_checker)
        .on(ShowBatchDecision, batches.show_decision)
        .on(ShowBatch, batches.show_progress)
        .on(SendBatchResult, batches.send_result)
        .on(TellFrozen, owners.tell_frozen)
        .on(WarnLowFloat, owners.warn_low_float)
        .on(AskSecondOwner, owners.ask_second_owner)
    )


def giving_settings(settings: Settings) -> GivingSettings:
    return GivingSettings(
        callback_url=settings.stk_callback_url,
        query_schedule=tuple(timedelta(seconds=s) for s in settings.stk_query_schedule),
        review_after=timedelta(seconds=settings.review_after),
        negative_gap=timedelta(seconds=settings.stk_negative_gap),
        try_again_after=timedelta(seconds=settings.try_again_after),
    )


def paying_settings(settings: Settings) -> PayingSettings:
    return PayingSettings(
        result_url=settings.b2c_result_url,
        timeout_url=settings.b2c_timeout_url,
        status_url=settings.status_result_url,
        balance_url=settings.balance_result_url,
        quorum=tuple((Money.shillings(least), people) for least, people in settings.payout_approvals),
        approval_expires=timedelta(seconds=settings.approval_expires),
        query_schedule=tuple(timedelta(seconds=s) for s in settings.status_query_schedule),
        review_after=timedelta(seconds=settings.review_after),
        remembers_ids=settings.mpesa_b2c_version == "v3",
        low_float=Money.shillings(settings.low_float),
        shortcodes=(settings.mpesa_shortcode, settings.party_b, settings.b2c_shortcode),
    )


def payouts_of(settings: Settings, daraja: DarajaClient) -> MpesaPayouts:
    if not settings.pays_out:
        return NoPayouts()
    credential = security_credential(settings)
    name = settings.mpesa_initiator_name or ""
    initiator = InitiatorSettings(settings.b2c_shortcode, name, credential, version=settings.mpesa_b2c_version)
    return daraja.payouts(initiator)


def daraja_settings(settings: Settings) -> DarajaSettings:
    return DarajaSettings(
        base_url=settings.mpesa_base_url,
        consumer_key=settings.mpesa_consumer_key.get_secret_value(),
        consumer_secret=settings.mpesa_consumer_secret.get_secret_value(),
        shortcode=settings.mpesa_shortcode,
        passkey=settings.mpesa_passkey.get_secret_value(),
        transaction_type=settings.mpesa_transaction_type,
        party_b=settings.party_b,
    )


def telegram_secret(secret_key: str) -> str:
    """What Telegram must send with each update; the same in every replica and after a restart."""
    return hashlib.sha256(f"telegram webhook {secret_key}".encode()).hexdigest()


async def can_store(database: Database) -> bool:
    try:
        await database.write(lambda conn: conn.exec_driver_sql("SELECT 1").scalar())
    except Exception:  # noqa: BLE001 whatever it is, the answer is no
        return False
    return True
