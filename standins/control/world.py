"""/control: reset, faults, and the events as they happen."""

from collections.abc import Iterable

from aiohttp import web

from standins.control.answers import answer, done, read
from standins.daraja.desk import Desk
from standins.events import EventLog
from standins.faults import Faults
from standins.shapes import Event, Fault, Person, encoded
from standins.telegram.state import Telegram

LONGEST_WAIT_S = 30.0


class WorldControl:
    def __init__(
        self, telegram: Telegram, desk: Desk, faults: Faults, events: EventLog, people: tuple[Person, ...]
    ) -> None:
        self._telegram = telegram
        self._desk = desk
        self._faults = faults
        self._events = events
        self._people = people

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/scene", self.scene),
            web.post("/reset", self.reset),
            web.post("/fault", self.fault),
            web.post("/heal", self.heal),
            web.get("/events", self.events),
            web.get("/stream", self.stream),
        ]

    async def scene(self, request: web.Request) -> web.Response:
        """Who is in the play."""
        options = self._desk.options
        life = {"business": options.business, "pin": options.pin, "prompt_life_s": options.prompt_life_s}
        return answer({"people": self._people, "last_event": self._events.last, **life})

    async def reset(self, request: web.Request) -> web.Response:
        self._faults.heal()
        self._telegram.reset()
        await self._desk.reset()
        self._events.emit("reset")
        return done()

    async def fault(self, request: web.Request) -> web.Response:
        fault = await read(request, Fault)
        self._faults.add(fault)
        self._events.emit("fault", service=fault.service, method=fault.method, fault=fault.kind)
        return done()

    async def heal(self, request: web.Request) -> web.Response:
        self._faults.heal()
        self._events.emit("healed")
        return done()

    async def events(self, request: web.Request) -> web.Response:
        timeout_s = min(float(request.query.get("timeout", "25")), LONGEST_WAIT_S)
        found = await self._events.wait(int(request.query.get("after", "0")), timeout_s)
        return answer({"last": self._events.last, "events": found})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events, from `after` on or from where a browser that comes back left off."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        n = int(request.headers.get("Last-Event-ID") or request.query.get("after") or self._events.last)
        while not self._events.closed:
            found = await self._events.wait(n, LONGEST_WAIT_S / 2)
            try:
                await response.write(lines(found) or b": still here\n\n")
            except ConnectionError:
                break
            n = found[-1].n if found else n
        return response


def lines(events: Iterable[Event]) -> bytes:
    return b"".join(b"id: %d\ndata: %s\n\n" % (event.n, encoded(event)) for event in events)
