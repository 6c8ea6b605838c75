"""The stand-ins as one web application."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from standins.background import Background
from standins.control.daraja import DarajaControl
from standins.control.payouts import PayoutControl
from standins.control.telegram import TelegramControl
from standins.control.world import WorldControl
from standins.daraja import api as daraja_api
from standins.daraja.desk import Desk
from standins.daraja.options import DarajaOptions
from standins.events import EventLog
from standins.faults import Faults
from standins.outbound import Outbound
from standins.shapes import Person
from standins.telegram.api import MAX_UPLOAD, BotApi
from standins.telegram.options import TelegramOptions
from standins.telegram.state import Telegram
from standins.telegram.updates import Updates

PAGE = Path(__file__).parent / "page"
DONOR = Person(7001, "Amina", "254708374149")
MAKER = Person(1001, "Moses", "254711001001", label="Maker")
CHECKER = Person(1002, "Cherono", "254711001002", label="Checker")
OWNER = Person(1003, "Njeri", "254711001003", label="Owner")
SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True)
class Options:
    telegram: TelegramOptions = field(default_factory=TelegramOptions)
    daraja: DarajaOptions = field(default_factory=DarajaOptions)
    people: tuple[Person, ...] = (DONOR,)


def build(options: Options | None = None) -> web.Application:
    """Nothing is opened before the application starts, and nothing is shared with another one.

    Below its address: /telegram (the Bot API), /daraja, /control (for tests and the page), and the page at /.
    """
    options = options or Options()
    events, faults, outbound = EventLog(), Faults(), Outbound()
    deliveries, phones = Background(), Background()
    updates = Updates(options.telegram, outbound, deliveries, events)
    telegram = Telegram(options.telegram, events, updates, options.people)
    desk = Desk(options.daraja, outbound, phones, events, options.people)
    app = web.Application(client_max_size=MAX_UPLOAD)
    app.cleanup_ctx.extend([outbound.lifespan, deliveries.lifespan, phones.lifespan])
    app.on_shutdown.append(ends_waiting(events, updates))
    app.add_subapp("/telegram", BotApi(telegram, faults).build())
    app.add_subapp("/daraja", daraja_api.build(desk, faults))
    app.add_subapp("/control", control(telegram, desk, faults, events, options.people))
    app.router.add_get("/", index)
    app.router.add_static("/page", PAGE)
    app.on_response_prepare.append(secure)
    return app


def control(
    telegram: Telegram, desk: Desk, faults: Faults, events: EventLog, people: tuple[Person, ...]
) -> web.Application:
    app = web.Application()
    app.add_routes(TelegramControl(telegram).routes())
    app.add_routes(DarajaControl(desk).routes())
    app.add_routes(PayoutControl(desk).routes())
    app.add_routes(WorldControl(telegram, desk, faults, events, people).routes())
    return app


def ends_waiting(events: EventLog, updates: Updates) -> Callable[[web.Application], Awaitable[None]]:
    async def end(_: web.Application) -> None:
        events.close()
        updates.close()

    return end


async def index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")


async def secure(request: web.Request, response: web.StreamResponse) -> None:
    if request.path == "/" or request.path.startswith("/page/"):
        response.headers.update(SECURITY)
