"""The one place that knows concrete classes. Give it fakes, and bot, server, workers and command line run on them."""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from aiohttp import web
from telegram import Bot
from telegram.error import NetworkError

import bot.app
import webhooks.app
import webhooks.mpesa
from bot.books.report_notifier import ReportNotifier
from bot.books.suspense_notifier import SuspenseNotifier
from bot.chat.context import BotApplication
from bot.chat.lifecycle import TelegramSide
from bot.chat.updates import UpdateHandler
from bot.giving.notifier import Notifier
from bot.paying.batch_notifier import BatchNotifier
from bot.paying.notifier import PayoutNotifier
from bot.people.owner_notifier import OwnerNotifier
from fundraising.audit.news import SendReport
from fundraising.giving.news import AskSecondPerson, OfferTryAgain, ShowWaiting, TellDecided, TellDonor
from fundraising.lanes import TELEGRAM
from fundraising.news import TellOwners
from fundraising.paying.news import (
    AskBatchChecker,
    AskChecker,
    SendBatchResult,
    ShowBatch,
    ShowBatchDecision,
    ShowDecision,
    TellAboutPayout,
    TellRecipient,
    WarnLowFloat,
)
from fundraising.people.news import AskSecondOwner, TellFrozen, TellKeyMade
from fundraising.randomness import RandomBytes
from fundraising.use_cases import UseCases
from mpesa.client import DarajaClient, Mpesa
from mpesa.payouts import InitiatorSettings, MpesaPayouts
from storage import facts, open_database
from storage.database import Database
from storage.journal import Journal
from storage.spool import Spool
from storage.vault import Vault
from trustvoice.health import Health
from trustvoice.house import Now, build_use_cases, mpesa_worker
from trustvoice.inbox import INBOX, ClearInbox, HandleUpdate, Inbox
from trustvoice.lease import Holding, lease_of_telegram
from trustvoice.mail.worker import mail_worker, mailer_of
from trustvoice.metrics import Meters, MetricsPage
from trustvoice.no_payouts import NoPayouts
from trustvoice.probe import Probe
from trustvoice.settings import Settings, security_credential
from trustvoice.settings_of_parts import daraja_settings, giving_settings, paying_settings, reached_at
from trustvoice.space import Space, SpaceWatch
from trustvoice.spooling import Spooling
from trustvoice.token_shelf import TokenShelf
from trustvoice.tunnel import Tunnel
from trustvoice.watched import healths, mpesa_observer, telegram_observer, wellness
from trustvoice.worker import ALONE, POLL, Sharing, Worker
from webhooks.keys import Callbacks, Metrics, Readiness, TelegramInbox

log = logging.getLogger(__name__)
STORES_WITHIN_S = 5.0
LOOK_FOR_THEIRS_EVERY = timedelta(seconds=0.25)  # people in the chat wait for what another replica took


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
    spooling: Spooling
    space_watch: SpaceWatch
    speaks_to_telegram: Holding
    tunnel: Tunnel | None = None
    probe: Probe | None = None


def bootstrap(
    settings: Settings,
    secret_key: str,
    mpesa: Mpesa | None = None,
    payouts: MpesaPayouts | None = None,
    telegram: Bot | None = None,
    database: Database | None = None,
    now: Now = lambda: datetime.now(UTC),
    random_bytes: RandomBytes = secrets.token_bytes,
    tunnel: Tunnel | None = None,
) -> Program:
    """Opens nothing and calls nobody."""
    database = database or open_database(settings.database_url)
    vault = Vault(secret_key)
    meters, health = Meters(settings.low_float * 100), healths(now, sends_mail=settings.smtp_url is not None)
    shelf = None if settings.is_sqlite else TokenShelf(database, vault, settings.mpesa_consumer_key.get_secret_value())
    daraja = DarajaClient(daraja_settings(settings), now, observe=mpesa_observer(health["mpesa"], meters), shelf=shelf)
    mpesa, payouts = mpesa or daraja, payouts or payouts_of(settings, daraja)
    giving, paying = giving_settings(settings, tunnel), paying_settings(settings, tunnel)
    space = Space(settings.folders_written_to, settings.min_free_mb)
    use_cases = build_use_cases(
        giving,
        paying,
        database,
        vault,
        mpesa,
        payouts,
        now,
        random_bytes,
        Journal(settings.journal_folder, now),
        space.is_short,
        settings.reconcile_at,
    )
    callbacks, spool = webhooks.mpesa.receivers(use_cases), Spool(settings.spool_folder)
    spooling = Spooling(callbacks, spool, vault, now, lambda: can_store(database, health["database"]))
    inbox = Inbox(database, vault, now)
    telegram_app = bot.app.build(
        settings.telegram_bot_token.get_secret_value(),
        settings.telegram_base_url,
        settings.telegram_base_file_url,
        use_cases,
        inbox.find,
        now,
        telegram_observer(health["telegram"], meters),
    )
    secret = telegram_secret(secret_key)
    webhook_url = reached_at(settings.telegram_webhook_url, tunnel)
    lease = lease_of_telegram(settings, database, now)
    telegram_side = TelegramSide(
        telegram_app, settings.telegram_mode, webhook_url, secret, inbox.store, lease.is_held, noted_name(database)
    )
    among_all = Sharing(timedelta(seconds=settings.job_lease))
    look_every = POLL if settings.is_sqlite else LOOK_FOR_THEIRS_EVERY
    by_one = replace(among_all, may_work=lease.is_held, look_every=look_every)
    workers = [
        mpesa_worker(database, now, use_cases, among_all),
        telling_worker(
            database,
            now,
            telegram or telegram_app.bot,
            use_cases,
            timedelta(seconds=settings.try_again_after),
            by_one,
        ),
        mail_worker(database, now, use_cases, mailer_of(settings, health.get("mail")), among_all),
        Worker(database, now, INBOX, sharing=by_one)
        .on(HandleUpdate, inbox.handled_by(UpdateHandler(telegram_app).handle))
        .on(ClearInbox, inbox.clear),
    ]
    others = wellness(health) | {"telegram": lambda: telegram_side.takes_part and health["telegram"].is_well}
    others |= {"tunnel": lambda: tunnel.is_up} if tunnel else {}
    others["database"] = lambda: not spooling.database_is_away
    readiness = Readiness(spooling.can_take, others, lambda part: health[part].since if part in health else None)
    page = MetricsPage(meters, use_cases.gauges, health, lambda: spooling.spooled)
    web_app = webhooks.app.build(
        use_cases,
        TelegramInbox(secret, inbox.store),
        readiness,
        lambda: bot_username(telegram_app),
        Callbacks(spooling.take),
        Metrics(page.render, meters.callback),
        is_public=settings.public_url.startswith("https://"),
    )
    return Program(
        settings,
        database,
        vault,
        mpesa,
        use_cases,
        inbox,
        telegram_side,
        web_app,
        workers,
        spooling,
        SpaceWatch(database, space, now),
        lease,
        tunnel,
        Probe(health["mpesa"], daraja.reach) if mpesa is daraja else None,
    )


def telling_worker(
    database: Database,
    now: Now,
    telegram: Bot,
    use_cases: UseCases,
    try_again_after: timedelta,
    sharing: Sharing = ALONE,
) -> Worker:
    notifier = Notifier(telegram, use_cases, now, try_again_after)
    payouts, batches = PayoutNotifier(telegram, use_cases, now), BatchNotifier(telegram, use_cases, now)
    owners = OwnerNotifier(telegram, use_cases, now)
    return (
        Worker(database, now, TELEGRAM, outages=(NetworkError,), sharing=sharing)
        .on(TellDonor, notifier.tell_donor)
        .on(TellDecided, notifier.tell_decided)
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
        .on(AskSecondPerson, SuspenseNotifier(telegram, use_cases, now).ask_second_person)
        .on(SendReport, ReportNotifier(telegram, use_cases, now).send_report)
        .on(TellKeyMade, owners.tell_key_made)
    )


def payouts_of(settings: Settings, daraja: DarajaClient) -> MpesaPayouts:
    if not settings.pays_out:
        return NoPayouts()
    credential = security_credential(settings)
    name = settings.mpesa_initiator_name or ""
    initiator = InitiatorSettings(settings.b2c_shortcode, name, credential, version=settings.mpesa_b2c_version)
    return daraja.payouts(initiator)


def telegram_secret(secret_key: str) -> str:
    """What Telegram must send with each update; the same in every replica and after a restart."""
    return hashlib.sha256(f"telegram webhook {secret_key}".encode()).hexdigest()


def bot_username(app: BotApplication) -> str | None:
    """None until Telegram has told it."""
    return app.bot.username if app.running else None


def noted_name(database: Database) -> Callable[[str], Awaitable[None]]:
    """For the command line, which does not speak to Telegram."""

    async def note(username: str) -> None:
        try:
            await database.write(lambda conn: facts.note(conn, facts.BOT_USERNAME, username))
        except Exception:
            log.exception("what the bot is called could not be noted")

    return note


async def can_store(database: Database, health: Health) -> bool:
    try:
        async with asyncio.timeout(STORES_WITHIN_S):
            await database.write(lambda conn: conn.exec_driver_sql("SELECT 1").scalar())
    except Exception as error:  # noqa: BLE001 whatever it is, the answer is no
        health.failed(error)
        return False
    health.worked()
    return True
