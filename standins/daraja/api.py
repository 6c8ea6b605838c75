"""Daraja over HTTP. A further API is one more line in `table`."""

import json
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from standins.daraja.desk import Desk
from standins.daraja.refusals import Refused
from standins.faults import Faults, under

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Endpoint = Callable[[web.Request, Mapping[str, object]], Awaitable[web.Response]]


def build(desk: Desk, faults: Faults) -> web.Application:
    app = web.Application(middlewares=[refusals, Unreliable(faults).middleware])
    app.router.add_get("/oauth/v1/generate", desk.oauth.generate)
    for path, endpoint in table(desk).items():
        app.router.add_post(f"/mpesa/{path}", bearing_token(desk, endpoint))
    return app


def table(desk: Desk) -> dict[str, Endpoint]:
    return {
        "stkpush/v1/processrequest": desk.stk_push,
        "stkpushquery/v1/query": desk.stk_query,
        "b2c/v1/paymentrequest": desk.b2c.v1,
        "b2c/v3/paymentrequest": desk.b2c.v3,
        "transactionstatus/v1/query": desk.status,
        "accountbalance/v1/query": desk.balance,
        "reversal/v1/request": desk.reversal,
    }


def bearing_token(desk: Desk, endpoint: Endpoint) -> Handler:
    async def call(request: web.Request) -> web.StreamResponse:
        desk.oauth.check(request)
        return await endpoint(request, await read(request))

    return call


async def read(request: web.Request) -> Mapping[str, object]:
    try:
        body: object = json.loads(await request.read())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "400.002.05", "Invalid Request Payload")
    return body


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as no:
        return no.as_response()
    except web.HTTPNotFound:
        return Refused(404, "404.001.01", "Resource not found").as_response()
    except web.HTTPMethodNotAllowed:
        return Refused(405, "405.001", "Method Not Allowed").as_response()


class Unreliable:
    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = self._faults.take("daraja", api_of(request.path))
        return await under(fault, request, lambda: handler(request), refusal)


def api_of(path: str) -> str:
    """`oauth`, `stkpush`, `b2c`, `transactionstatus` …: the segment before the version."""
    before = path.partition("/v")[0]
    return before.rpartition("/")[2]


def refusal(status: int, retry_after: int | None) -> web.Response:
    code = "500.003.02" if status == 429 else "500.003.1001"
    return Refused(status, code, "System is busy. Please try again in few minutes.").as_response()
