"""Is the process alive, and can it take callbacks?"""

from aiohttp import web

from webhooks.keys import BOOKS, READINESS

WHOSE = "TrustVoice-Books"


async def healthz(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"}, headers=whose(request))


def whose(request: web.Request) -> dict[str, str]:
    """So that nobody takes a demo, or a program on another database, for the one that is meant."""
    return {WHOSE: request.app[BOOKS]} if BOOKS in request.app else {}


async def readyz(request: web.Request) -> web.Response:
    """503 only when callbacks cannot be stored; other outages are named in a 200 body."""
    readiness = request.app[READINESS]
    storage = await readiness.storage()
    parts = {"storage": storage, **{name: is_well() for name, is_well in readiness.others.items()}}
    body: dict[str, object] = {"status": "ready" if storage else "not ready"}
    body |= {name: word(well) for name, well in parts.items()}
    if since := {name: at.isoformat() for name, well in parts.items() if not well and (at := readiness.since(name))}:
        body["since"] = since
    return web.json_response(body, status=200 if storage else 503, headers=whose(request))


def word(well: bool) -> str:
    return "ok" if well else "out of reach"
