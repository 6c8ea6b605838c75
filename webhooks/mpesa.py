"""What Safaricom calls."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from aiohttp import web

from fundraising.refusals import NotJson
from fundraising.use_cases import UseCases
from webhooks.incoming import BrokenOff, Encoded, TooLarge, body_of
from webhooks.keys import CALLBACKS, Callbacks, NotKept

log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.Response]]
Receive = Callable[[str | None, bytes, datetime | None], Awaitable[None]]  # token, body, and when it came if not now
BODY_LIMIT = 64 * 1024  # real callbacks are below 4 KB
ACCEPTED = b'{"ResultCode":0,"ResultDesc":"Accepted"}'
NOT_STORED = b'{"ResultCode":1,"ResultDesc":"Not stored, please send again"}'
TOO_LARGE = b'{"ResultCode":1,"ResultDesc":"Too large"}'
NOT_JSON = b'{"ResultCode":1,"ResultDesc":"Not JSON"}'
ENCODED = b'{"ResultCode":1,"ResultDesc":"Please send it without a Content-Encoding"}'
BROKEN_OFF = b'{"ResultCode":1,"ResultDesc":"Not all of it came"}'


def receivers(use_cases: UseCases) -> dict[str, Receive]:
    """Whom a callback is for, by a name that stays: what is spooled keeps it."""
    mailbox = use_cases.paying.mailbox
    return {
        "stk": mailbox.prompt_result,
        "b2c/result": mailbox.payment_result,
        "b2c/timeout": mailbox.payment_timeout,
        "status/result": mailbox.status_result,
        "balance/result": mailbox.balance_result,
    }


def straight_to(receivers: Mapping[str, Receive]) -> Callbacks:
    """Without a spool."""

    async def take(kind: str, token: str | None, body: bytes) -> None:
        await receivers[kind](token, body, None)

    return Callbacks(take)


def taking(kind: str) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        return await accept(request, kind, request.match_info.get("token"))

    return handle


async def accept(request: web.Request, kind: str, token: str | None) -> web.Response:
    """200 once the callback is durable, whatever it says: who probes learns nothing. 503 when it cannot be stored."""
    try:
        await request.app[CALLBACKS].take(kind, token, await body_of(request, BODY_LIMIT))
    except Encoded:
        return answer(415, ENCODED)
    except TooLarge:
        return answer(413, TOO_LARGE)
    except BrokenOff:
        return answer(400, BROKEN_OFF)
    except NotJson:
        return answer(400, NOT_JSON)
    except NotKept as refused:  # in a flood, a line is enough
        log.warning("M-Pesa callback not stored; answering 503: %s", refused)
        return answer(503, NOT_STORED)
    except Exception:
        log.exception("M-Pesa callback not stored; answering 503")
        return answer(503, NOT_STORED)
    return answer(200, ACCEPTED)


def answer(status: int, body: bytes) -> web.Response:
    return web.Response(status=status, body=body, content_type="application/json")
