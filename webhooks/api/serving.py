"""From a request to a route's handler and back: one way for all of them."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import web

from fundraising.outages import is_outage
from fundraising.people.api_keys import ApiKey
from fundraising.refusals import NotAllowed, Refused
from fundraising.repeats import Answer, Turn
from webhooks.api import parsing, problems, rendering, repeating
from webhooks.api.calls import Call
from webhooks.api.problems import Problem
from webhooks.api.routes import ROUTES, Route
from webhooks.keys import USE_CASES

log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
BEARER = {"WWW-Authenticate": 'Bearer realm="TrustVoice"'}
LATER = {"Retry-After": "5"}
PRIVATE = {"Cache-Control": "no-store"}
UNREAD = ("/webhooks",)  # who calls there reads no problem documents


def attach(app: web.Application) -> None:
    app.middlewares.append(problem_documents)
    for route in ROUTES:
        methods = ("GET", "HEAD") if route.method == "GET" else (route.method,)
        for path in {route.path, route.path.rstrip("/"), f"{route.path.rstrip('/')}/"}:
            for method in methods:
                app.router.add_route(method, path.replace("}", ":[0-9]+}"), serve(route))


@web.middleware
async def problem_documents(request: web.Request, handler: Handler) -> web.StreamResponse:
    """For addresses that there are not, and methods that they do not take."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if request.match_info.http_exception is not error:
            raise
        allowed = {name: f"{error.headers[name]},OPTIONS" for name in ("Allow",) if name in error.headers}
        if allowed and request.method == "OPTIONS":
            return web.Response(status=204, headers=allowed)
        if request.path.startswith(UNREAD):
            raise
        return Problem("method_not_allowed" if allowed else "not_found", headers=allowed).response()


def serve(route: Route) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await answer(route, request)
        except Problem as problem:
            return problem.response()
        except Refused as refused:
            return problems.of_refusal(refused)
        except Exception as error:
            log.exception("%s %s went wrong", route.method, route.path)
            outage = is_outage(error)
            return Problem("unavailable" if outage else "internal_error", headers=LATER if outage else {}).response()

    return handle


async def answer(route: Route, request: web.Request) -> web.Response:
    call = await read(route, request, await admit(route, request))
    if route.body:  # which may have trickled in for hours: the key or the role may be gone
        call = replace(call, key=await admit(route, request))
    again = repeating.key_in(request) if route.moves_money else None
    if again is None:
        reply = await route.handler(call)
        headers = PRIVATE | link(request, reply.cursor)
        if reply.table is not None:
            return web.Response(body=reply.table, content_type="text/csv", charset="utf-8", headers=headers)
        return respond(Answer(route.status, rendering.rendered(reply)), headers)

    async def act(turn: Turn) -> Answer:
        return Answer(route.status, rendering.rendered(await route.handler(replace(call, turn=turn))))

    repeats = call.use_cases.repeats
    return respond(await repeating.once(repeats, call.key.id, again, parsing.meaning(request, call), act), PRIVATE)


async def admit(route: Route, request: web.Request) -> ApiKey:
    """Raises Problem, NotAllowed."""
    key = await recognise(request)
    if not key.may(route.role):
        raise NotAllowed(route.role)
    return key


async def recognise(request: web.Request) -> ApiKey:
    """Raises Problem."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and given:
        key = await request.app[USE_CASES].api_keys.recognise(given.strip())
        if key:
            return key
    raise Problem("unauthenticated", headers=BEARER)


async def read(route: Route, request: web.Request, key: ApiKey) -> Call:
    """Raises Problem."""
    ids, query = parsing.ids_in(request.match_info), parsing.query_of(route, request)
    body = await parsing.body_of(route, request)
    return Call(
        use_cases=request.app[USE_CASES],
        key=key,
        ids=ids,
        query=query,
        body=parsing.model_of(route, request, body),
        table=body if parsing.is_table(route, request) else None,
        wants_csv=parsing.wants_csv(route, request),
        sent_as=f"api:{secrets.token_hex(16)}",
    )


def link(request: web.Request, cursor: int | None) -> dict[str, str]:
    """Relative, because a proxy in front may be known by another name."""
    if cursor is None:
        return {}
    following = request.rel_url.update_query(cursor=str(cursor))
    return {"Link": f'<{following}>; rel="next"'}


def respond(answer: Answer, headers: dict[str, str]) -> web.Response:
    kind = "application/json" if answer.status < 400 else problems.CONTENT_TYPE
    return web.Response(status=answer.status, body=answer.body, content_type=kind, headers=headers)
