"""The routes."""

from aiohttp import web

from fundraising.use_cases import UseCases
from webhooks import health, mpesa, telegram
from webhooks.keys import READINESS, TELEGRAM_INBOX, USE_CASES, Readiness, TelegramInbox

BODY_LIMIT = 1024 * 1024  # of Telegram's updates; M-Pesa's have a limit of their own
PAYOUT_CALLBACKS = {
    "b2c/result": mpesa.payment_result,
    "b2c/timeout": mpesa.payment_timeout,
    "status/result": mpesa.status_result,
    "balance/result": mpesa.balance_result,
}


def build(use_cases: UseCases, inbox: TelegramInbox, readiness: Readiness) -> web.Application:
    app = web.Application(client_max_size=BODY_LIMIT)
    app[USE_CASES], app[TELEGRAM_INBOX], app[READINESS] = use_cases, inbox, readiness
    for alias in ("mpesa", "daraja"):  # existing set-ups use the first; Safaricom advises against the word
        app.router.add_post(f"/webhooks/{alias}", mpesa.stk_callback)
        app.router.add_post(f"/webhooks/{alias}/{{token}}", mpesa.stk_callback)
        for path, handler in PAYOUT_CALLBACKS.items():
            app.router.add_post(f"/webhooks/{alias}/{path}", handler)
            app.router.add_post(f"/webhooks/{alias}/{path}/{{token}}", handler)
    app.router.add_post("/webhooks/telegram", telegram.update)
    app.router.add_get("/healthz", health.healthz)
    app.router.add_get("/readyz", health.readyz)
    return app
