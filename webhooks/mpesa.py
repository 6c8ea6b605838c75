"""What Safaricom calls."""

import logging

from aiohttp import web

from fundraising.refusals import NotJson
from webhooks.keys import USE_CASES

log = logging.getLogger(__name__)
ACCEPTED = b'{"ResultCode":0,"ResultDesc":"Accepted"}'
NOT_STORED = b'{"ResultCode":1,"ResultDesc":"Not stored, please send again"}'
NOT_JSON = b'{"ResultCode":1,"ResultDesc":"Not JSON"}'


async def stk_callback(request: web.Request) -> web.Response:
    """200 once the callback is durable, whatever it says: who probes learns nothing. 503 when it cannot be stored."""
    body = await request.read()
    try:
        await request.app[USE_CASES].settlement.receive(request.match_info.get("token"), body)
    except NotJson:
        return answer(400, NOT_JSON)
    except Exception:
        log.exception("M-Pesa callback not stored; answering 503")
        return answer(503, NOT_STORED)
    return answer(200, ACCEPTED)


def answer(status: int, body: bytes) -> web.Response:
    return web.Response(status=status, body=body, content_type="application/json")
