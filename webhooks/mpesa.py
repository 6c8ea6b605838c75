"""What Safaricom calls."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from aiohttp import web

from fundraising.refusals import NotJson
from fundraising.use_cases import UseCases
from webhooks.keys import CALLBACKS, Callbacks, NotKept

log = logging.getLogger(__name__)
Receive = Callable[[str | None, bytes, datetime | None], Awaitable[None]]  # token, body, and when it came if not now
BODY_LIMIT = 64 * 1024  # real callbacks are below 4 KB
ACCEPTED = b'{"ResultCode":0,"ResultDesc":"Accepted"}'
NOT_STORED = b'{"ResultCode":1,"ResultDesc":"Not stored, please send again"}'
TOO_LARGE = b'{"ResultCode":1,"ResultDesc":"Too large"}'
NOT_JSON = b'{"ResultCode":1,"ResultDesc":"Not JSON"}'


def receivers(use_cases: UseCases) -> dict[str, Receive]:
    """Whom a callback is for, by a name that stays: what is spooled keeps it."""
    mailbox = use_cases.paying.mailbox
    return {
        "stk": use_cases.settlement.receive,
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


async def stk_callback(request: web.Request) -> web.Response:
    return await accept(request, "stk")


async def payment_result(request: web.Request) -> web.Response:
    return await accept(request, "b2c/result")


async def payment_timeout(request: web.Request) -> web.Response:
    return await accept(request, "b2c/timeout")


async def status_result(request: web.Request) -> web.Response:
    return await accept(request, "status/result")


async def balance_result(request: web.Request) -> web.Response:
    return await accept(request, "balance/result")


async def accept(request: web.Request, kind: str) -> web.Response:
    """200 once the callback is durable, whatever it says: who probes learns nothing. 503 when it cannot be stored."""
    if (request.content_length or 0) > BODY_LIMIT:
        return answer(413, TOO_LARGE)
    body = await request.read()
    if len(body) > BODY_LIMIT:
        return answer(413, TOO_LARGE)
    try:
        await request.app[CALLBACKS].take(kind, request.match_info.get("token"), body)
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
