"""Who may stand at the door, and for how long: strangers who never finish a sentence keep nobody else out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from webhooks.headers import ON_EVERY_ANSWER

WHOLE_WITHIN_S = 10.0  # a request, from its first byte; of a new connection from the moment that it is there
KEEP_ALIVE_S = 75.0  # between two requests; proxies in front keep theirs for a minute
LOOK_EVERY_S = 1.0
MOST_CONNECTIONS = 4_096  # some 25 KB each
WAITING_TO_BE_LET_IN = 1_024

log, no_log = logging.getLogger(__name__), logging.getLogger(f"{__name__}.requests")
no_log.disabled = True  # its lines would contain callback tokens
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Door:
    """All connections, whichever did something last at the end; and which of them owe us the rest of a request."""

    def __init__(self, most: int = MOST_CONNECTIONS, whole_within_s: float = WHOLE_WITHIN_S):
        self._most, self._whole_within_s = most, whole_within_s
        self._there: dict[Connection, None] = {}
        self._due: dict[Connection, float] = {}  # in the order of time, since all have the same patience

    def come_in(self, connection: "Connection") -> None:
        """Where it is full, whoever has done nothing for the longest time goes."""
        if len(self._there) >= self._most:
            next(iter(self._there)).leave()
        self._there[connection] = None
        self.expect(connection)

    def go(self, connection: "Connection") -> None:
        self._there.pop(connection, None)
        self._due.pop(connection, None)

    def expect(self, connection: "Connection") -> None:
        self._due.setdefault(connection, asyncio.get_running_loop().time() + self._whole_within_s)

    def has_all(self, connection: "Connection") -> None:
        self._due.pop(connection, None)
        if connection in self._there:
            del self._there[connection]
            self._there[connection] = None

    def close_the_slow(self) -> None:
        now = asyncio.get_running_loop().time()
        for connection in [each for each, due in self._due.items() if due <= now]:
            connection.leave()

    async def forever(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self.close_the_slow()

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Tells the request's connection when it is whole, and when it is answered."""
        connection = request.protocol
        if not isinstance(connection, Connection):
            return await handler(request)
        connection.is_answering = True
        request.content.on_eof(connection.has_whole_request)
        try:
            return await handler(request)
        finally:
            connection.is_answering = False


class Connection(web.RequestHandler):
    """One that owes us a request, is answered, or stays open for the next."""

    def __init__(self, server: web.Server, door: Door):
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=KEEP_ALIVE_S,
            access_log=no_log,
            auto_decompress=False,
        )
        self._door = door
        self.is_answering = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._door.come_in(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._door.go(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self.is_answering:
            self._door.expect(self)
        super().data_received(data)

    def has_whole_request(self) -> None:
        self._door.has_all(self)

    def leave(self) -> None:
        self._door.go(self)
        if self.transport:
            self.transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP is the stranger's affair, not the log's; and nobody reads what they sent, or what we run."""
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(exc, ConnectionError):
            log.error("a request went wrong", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer is on its way already")
        answer = web.Response(status=status, text=f"{HTTPStatus(status).phrase}\n", headers=ON_EVERY_ANSWER)
        answer.force_close()
        return answer


class Site(web.BaseSite):
    """Listens, and lets in through the door."""

    def __init__(self, runner: web.AppRunner, door: Door, host: str, port: int):
        super().__init__(runner)
        self._door, self._host, self._port = door, host, port

    @property
    def name(self) -> str:
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Raises OSError."""
        await super().start()
        server = self._runner.server
        assert server, "the runner is set up"
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Connection(server, self._door), self._host, self._port, backlog=WAITING_TO_BE_LET_IN
        )
