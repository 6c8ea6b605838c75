"""The routes."""

from aiohttp import web

from fundraising.use_cases import UseCases
from webhooks import docs, headers, health, mpesa, telegram
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

ALIASES = ("mpesa", "daraja")  # existing set-ups use the first; Safaricom advises against the word
KINDS = {"": "stk"} | {kind: kind for kind in ("b2c/result", "b2c/timeout", "status/result", "balance/result")}


def build(
    use_cases: UseCases,
    inbox: TelegramInbox,
    readiness: Readiness,
    bot_username: BotUsername = lambda: None,
    callbacks: Callbacks | None = None,
    metrics: Metrics | None = None,
    is_public: bool = False,
) -> web.Application:
    """`is_public`: known to the world by https."""
    app = web.Application()
    headers.add(app, is_public)
    app[USE_CASES], app[TELEGRAM_INBOX], app[READINESS] = use_cases, inbox, readiness
    app[CALLBACKS] = callbacks or mpesa.straight_to(mpesa.receivers(use_cases))
    add_callbacks(app.router, metrics)
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


def add_callbacks(router: web.UrlDispatcher, metrics: Metrics | None) -> None:
    handlers = {path: observed(kind, mpesa.taking(kind), metrics) for path, kind in KINDS.items()}
    for alias in ALIASES:
        for path, handler in handlers.items():
            place = f"/webhooks/{alias}/{path}".rstrip("/")
            router.add_post(place, handler)
            router.add_post(f"{place}/{{token}}", handler)
    # A gateway that joins addresses may put slashes too many: the same callback all the same.
    for alias in ALIASES:
        for path, handler in sorted(handlers.items(), reverse=True):
            steps = "".join(f"/+{step}" for step in path.split("/") if step)
            router.add_post(f"/{{_:/*webhooks/+{alias}{steps}/*}}", handler)
            router.add_post(f"/{{_:/*webhooks/+{alias}{steps}/+}}{{token}}{{__:/*}}", handler)
