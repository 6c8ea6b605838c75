"""What Prometheus reads, with the key of a viewer, and what it is told of callbacks."""

import hashlib
import logging
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from fundraising.people.roles import Role
from fundraising.refusals import NotAllowed
from webhooks.api import problems
from webhooks.api.problems import Problem
from webhooks.api.serving import recognise
from webhooks.keys import METRICS, Metrics

log = logging.getLogger(__name__)
TEXT = "text/plain; version=0.0.4; charset=utf-8"
Handler = Callable[[web.Request], Awaitable[web.Response]]
OUTCOMES = {200: "taken", 503: "not_stored"}


async def page(request: web.Request) -> web.Response:
    try:
        await let_in(request)
    except Problem as problem:
        return problem.response()
    except NotAllowed as refused:
        return problems.of_refusal(refused)
    return web.Response(body=await request.app[METRICS].render(), headers={"Content-Type": TEXT})


async def let_in(request: web.Request) -> None:
    """While the database is away, whoever was let in before: then it matters most what is counted.

    Raises Problem, NotAllowed.
    """
    known = request.app[METRICS].known
    given = hashlib.sha256(request.headers.get("Authorization", "").encode(errors="replace")).digest()
    try:
        key = await recognise(request)
    except Problem:
        known.discard(given)
        raise
    except Exception as error:
        if given in known:
            return
        log.exception("nobody can be told the metrics")
        raise Problem("unavailable") from error
    if not key.may(Role.VIEWER):
        known.discard(given)
        raise NotAllowed(Role.VIEWER)
    known.add(given)


def observed(kind: str, handle: Handler, metrics: Metrics | None) -> Handler:
    if metrics is None:
        return handle
    observe = metrics.callback

    async def watched(request: web.Request) -> web.Response:
        started = time.perf_counter()
        answer = await handle(request)
        observe(kind, OUTCOMES.get(answer.status, "refused"), time.perf_counter() - started)
        return answer

    return watched
