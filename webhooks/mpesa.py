"""What Safaricom calls."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from fundraising.refusals import NotJson
from webhooks.keys import USE_CASES

log = logging.getLogger(__name__)
Store = Callable[[str | None, bytes], Awaitable[None]]
BODY_LIMIT = 64 * 1024  # real callbacks are below 4 KB
ACCEPTED = b'{"ResultCode":0,"ResultDesc":"Accepted"}'
NOT_STORED = b'{"ResultCode":1,"ResultDesc":"Not stored, please send again"}'
TOO_LARGE = b'{"ResultCode":1,"ResultDesc":"Too large"}'
NOT_JSON = b'{"ResultCode":1,"ResultDesc":"Not JSON"}'


async def stk_callback(request: web.Request) -> web.Response:
    return await accept(request, request.app[USE_CASES].settlement.receive)


async def payment_result(request: web.Request) -> web.Response:
    return await accept(request, request.app[USE_CASES].paying.mailbox.payment_result)


async def payment_timeout(request: web.Request) -> web.Response:
    return await accept(request, request.app[USE_CASES].paying.mailbox.payment_timeout)


async def status_result(request: web.Request) -> web.Response:
    return await accept(request, request.app[USE_CASES].paying.mailbox.status_result)


async def balance_result(request: web.Request) -> web.Response:
    return await accept(request, request.app[USE_CASES].paying.mailbox.balance_result)


async def accept(request: web.Request, store: Store) -> web.Response:
    """200 once the callback is durable, whatever it says: who probes learns nothing. 503 when it cannot be stored."""
    if (request.content_length or 0) > BODY_LIMIT:
        return answer(413, TOO_LARGE)
    body = await request.read()
    if len(body) > BODY_LIMIT:
        return answer(413, TOO_LARGE)
    try:
        await store(request.match_info.get("token"), body)
    except NotJson:
        return answer(400, NOT_JSON)
    except Exception:
        log.exception("M-Pesa callback not stored; answering 503")
        return answer(503, NOT_STORED)
    return answer(200, ACCEPTED)


def answer(status: int, body: bytes) -> web.Response:
    return web.Response(status=status, body=body, content_type="application/json")
