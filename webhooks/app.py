"""The routes."""

from aiohttp import web

from fundraising.use_cases import UseCases
from webhooks import docs, health, mpesa, telegram
from webhooks.api import openapi, serving
from webhooks.keys import (
    CALLBACKS,
    METRICS,
    READINESS,
    TELEGRAM_INBOX,
    USE_CASES,
    BotUsername,
    Callbacks,
    Metrics,
    Readiness,
    TelegramInbox,
)
from webhooks.metrics import observed, page
from webhooks.pages.campaign import CampaignPage

BODY_LIMIT = 1024 * 1024  # of Telegram's updates; M-Pesa's have a limit of their own
PAYOUT_CALLBACKS = {
    "b2c/result": mpesa.payment_result,
    "b2c/timeout": mpesa.payment_timeout,
    "status/result": mpesa.status_result,
    "balance/result": mpesa.balance_result,
}


def build(
    use_cases: UseCases,
    inbox: TelegramInbox,
    readiness: Readiness,
    bot_username: BotUsername = lambda: None,
    callbacks: Callbacks | None = None,
    metrics: Metrics | None = None,
) -> web.Application:
    app = web.Application(client_max_size=BODY_LIMIT)
    app[USE_CASES], app[TELEGRAM_INBOX], app[READINESS] = use_cases, inbox, readiness
    app[CALLBACKS] = callbacks or mpesa.straight_to(mpesa.receivers(use_cases))
    for alias in ("mpesa", "daraja"):  # existing set-ups use the first; Safaricom advises against the word
        stk_callback = observed("stk", mpesa.stk_callback, metrics)
        app.router.add_post(f"/webhooks/{alias}", stk_callback)
        app.router.add_post(f"/webhooks/{alias}/{{token}}", stk_callback)
        for path, payout_callback in PAYOUT_CALLBACKS.items():
            handler = observed(path, payout_callback, metrics)
            app.router.add_post(f"/webhooks/{alias}/{path}", handler)
            app.router.add_post(f"/webhooks/{alias}/{path}/{{token}}", handler)
    app.router.add_post("/webhooks/telegram", telegram.update)
    app.router.add_get("/healthz", health.healthz)
    app.router.add_get("/readyz", health.readyz)
    if metrics:
        app[METRICS] = metrics
        app.router.add_get("/metrics", page)
    serving.attach(app)
    app.router.add_get("/c/{slug}", CampaignPage(use_cases.campaigns, bot_username).get)
    docs.add(app, openapi.document())
    return app
