"""The one place that knows what is outside. Give it fakes, and bot, server, workers and command line run on them."""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from aiohttp import web
from telegram import Bot

import bot.app
import webhooks.app
import webhooks.mpesa
from bot.chat.context import BotApplication
from bot.chat.lifecycle import TelegramSide
from bot.chat.observed import Observe
from bot.chat.updates import UpdateHandler
from fundraising.construction import Now, build_use_cases
from fundraising.randomness import RandomBytes
from fundraising.use_cases import UseCases
from mpesa.client import DarajaClient, Mpesa
from mpesa.payouts import InitiatorSettings, MpesaPayouts
from storage import facts, open_database
from storage.database import Database
from storage.journal import Journal
from storage.spool import Spool
from storage.vault import Vault
from trustvoice.jobs import inbox_worker, mail_worker, mpesa_worker, telling_worker
from trustvoice.running.inbox import Inbox
from trustvoice.running.lease import Holding, lease_of_telegram
from trustvoice.running.no_payouts import NoPayouts
from trustvoice.running.spooling import Spooling
from trustvoice.running.token_shelf import TokenShelf
from trustvoice.running.tunnel import Tunnel
from trustvoice.running.worker import POLL, Sharing, Worker
from trustvoice.settings.loading import security_credential
from trustvoice.settings.model import Settings
from trustvoice.settings.of_parts import daraja_settings, giving_settings, paying_settings, reached_at
from trustvoice.watching.calls import healths, mailer_of, mpesa_observer, telegram_observer, wellness
from trustvoice.watching.health import Health
from trustvoice.watching.meters import Meters
from trustvoice.watching.metrics_page import MetricsPage
from trustvoice.watching.probe import Probe
from trustvoice.watching.space import Space, SpaceWatch
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
    mpesa = mpesa or daraja
    space = Space(settings.folders_written_to, settings.min_free_mb)
    use_cases = build_use_cases(
        giving_settings(settings, tunnel),
        paying_settings(settings, tunnel),
        database,
        vault,
        mpesa,
        payouts or payouts_of(settings, daraja),
        now,
        random_bytes,
        Journal(settings.journal_folder, now),
        space.is_short,
        settings.reconcile_at,
        timedelta(seconds=settings.retention_hints),
    )
    callbacks, spool = webhooks.mpesa.receivers(use_cases), Spool(settings.spool_folder)
    spooling = Spooling(callbacks, spool, vault, now, lambda: can_store(database, health["database"]))
    inbox = Inbox(database, vault, now)
    app = telegram_app(settings, use_cases, inbox, now, telegram_observer(health["telegram"], meters))
    lease = lease_of_telegram(settings, database, now)
    arrives_at, secret = reached_at(settings.telegram_webhook_url, tunnel), telegram_secret(secret_key)
    telegram_side = TelegramSide(
        app, settings.telegram_mode, arrives_at, secret, inbox.store, lease.is_held, noted_name(database)
    )
    among_all, by_one = sharing_of(settings, lease, telegram_side)
    workers = [
        mpesa_worker(database, now, use_cases, among_all),
        telling_worker(database, now, telegram or app.bot, use_cases, by_one),
        mail_worker(database, now, use_cases, mailer_of(settings, health.get("mail")), among_all),
        inbox_worker(database, now, inbox, UpdateHandler(app), by_one),
    ]
    page = MetricsPage(meters, use_cases.gauges, health, lambda: spooling.spooled)
    web_app = webhooks.app.build(
        use_cases,
        TelegramInbox(secret, inbox.store),
        readiness_of(health, spooling, telegram_side, tunnel),
        lambda: bot_username(app),
        Callbacks(spooling.take),
        Metrics(page.render, meters.callback),
        is_public=settings.public_url.startswith("https://"),
    )
    return Program(
        settings=settings,
        database=database,
        vault=vault,
        mpesa=mpesa,
        use_cases=use_cases,
        inbox=inbox,
        telegram=telegram_side,
        web=web_app,
        workers=workers,
        spooling=spooling,
        space_watch=SpaceWatch(database, space, now),
        speaks_to_telegram=lease,
        tunnel=tunnel,
        probe=Probe(health["mpesa"], daraja.reach) if mpesa is daraja else None,
    )


def telegram_app(settings: Settings, use_cases: UseCases, inbox: Inbox, now: Now, observe: Observe) -> BotApplication:
    return bot.app.build(
        settings.telegram_bot_token.get_secret_value(),
        settings.telegram_base_url,
        settings.telegram_base_file_url,
        use_cases,
        inbox.find,
        now,
        observe,
    )


def sharing_of(settings: Settings, lease: Holding, telegram: TelegramSide) -> tuple[Sharing, Sharing]:
    """Work that every replica takes part in; and work of the one that speaks to Telegram, as long as that lets it."""
    among_all = Sharing(timedelta(seconds=settings.job_lease))
    look_every = POLL if settings.is_sqlite else LOOK_FOR_THEIRS_EVERY
    return among_all, replace(
        among_all, may_work=lambda: lease.is_held() and not telegram.is_refused, look_every=look_every
    )


def readiness_of(
    health: Mapping[str, Health], spooling: Spooling, telegram: TelegramSide, tunnel: Tunnel | None
) -> Readiness:
    others = wellness(health) | {"telegram": lambda: telegram.takes_part and health["telegram"].is_well}
    others |= {"tunnel": lambda: tunnel.is_up} if tunnel else {}
    others["database"] = lambda: not spooling.database_is_away
    return Readiness(spooling.can_take, others, lambda part: health[part].since if part in health else None)


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
