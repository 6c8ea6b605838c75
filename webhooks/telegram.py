"""What Telegram calls in webhook mode."""

import hmac
import json
import logging

from aiohttp import web

from webhooks.incoming import BrokenOff, Encoded, TooLarge, body_of
from webhooks.keys import TELEGRAM_INBOX

log = logging.getLogger(__name__)
BODY_LIMIT = 1024 * 1024
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 the header's name


async def update(request: web.Request) -> web.Response:
    """200 once the update is durable; anything else makes Telegram send it again."""
    inbox = request.app[TELEGRAM_INBOX]
    if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(errors="replace"), inbox.secret.encode()):
        return web.Response(status=403)
    try:
        received = json.loads(await body_of(request, BODY_LIMIT))
        if not isinstance(received["update_id"], int):
            return web.Response(status=400)
    except Encoded:
        return web.Response(status=415)
    except TooLarge:
        return web.Response(status=413)
    except (BrokenOff, ValueError, KeyError, TypeError, RecursionError):
        return web.Response(status=400)
    try:
        await inbox.store([received])
    except Exception:
        log.exception("Telegram update not stored; answering 503")
        return web.Response(status=503)
    return web.Response()
