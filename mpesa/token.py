"""The access token. A new one kills the one before it, so there is one refresh at a time, and processes share it."""

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from mpesa.bodies import text_of
from mpesa.codes import Reason
from mpesa.masking import remark
from mpesa.outcome import Failed
from mpesa.wire import Answer, Call, Lost, NotSent, Reply, Wire

PATH = "/oauth/v1/generate"
SECONDS_TO_FETCH = 5.0
MARGIN = timedelta(seconds=60)
LIFE_WHEN_NOT_SAID = 3599
LONGEST_LIFE = 86_400
TOKEN = re.compile(r"[!-~]{1,4096}")  # it goes into a header
TRY_AGAIN = (408, 429)


@dataclass(frozen=True, slots=True)
class Granted:
    token: str = field(repr=False)
    seconds: int


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """Two tokens are the same only when they are one and the same grant."""

    value: str = field(repr=False)
    refresh_at: datetime


class Shelf(Protocol):
    """Where processes that work for the same app leave their token for each other."""

    async def look(self) -> Token | None:
        """None when there is none, and when nobody knows."""

    async def put(self, token: Token) -> None: ...


class NoShelf:
    async def look(self) -> Token | None:
        return None

    async def put(self, token: Token) -> None:
        return


class TokenSource:
    def __init__(
        self,
        fetch: Callable[[], Awaitable[Granted | Failed]],
        now: Callable[[], datetime],
        shelf: Shelf | None = None,
    ):
        self._fetch, self._now, self._shelf = fetch, now, shelf or NoShelf()
        self._token: Token | None = None
        self._refused = ""
        self._refresh: asyncio.Task[Token | Failed] | None = None

    async def current(self) -> Token | Failed:
        """Whoever asks during a refresh gets that refresh's answer; cancelling one asker cancels nobody else's."""
        if self._token is not None and self._now() < self._token.refresh_at:
            return self._token
        return await self._refreshed(self._borrow_or_fetch)

    async def renew(self) -> None:
        """Whoever still uses the old one is refused, and gets the new one."""
        self._token = None
        await self._refreshed(self._renew)

    def discard(self, refused: Token) -> None:
        """Of ten callers whose token was refused together, only the first throws it away."""
        if self._token is refused:
            self._token, self._refused = None, refused.value

    async def aclose(self) -> None:
        if self._refresh is not None and not self._refresh.done():
            self._refresh.cancel()
            await asyncio.wait([self._refresh])

    async def _refreshed(self, how: Callable[[], Coroutine[None, None, Token | Failed]]) -> Token | Failed:
        if self._refresh is None or self._refresh.done():
            self._refresh = asyncio.create_task(how())
        return await asyncio.shield(self._refresh)

    async def _borrow_or_fetch(self) -> Token | Failed:
        found = await self._shelf.look()
        if found is None or found.value == self._refused or found.refresh_at <= self._now():
            return await self._renew()
        self._token = found
        return found

    async def _renew(self) -> Token | Failed:
        asked_at = self._now()
        granted = await self._fetch()
        if isinstance(granted, Failed):
            return granted
        self._token = token = Token(granted.token, asked_at + timedelta(seconds=granted.seconds) - MARGIN)
        await self._shelf.put(token)
        return token


async def fetch_token(wire: Wire, consumer_key: str, consumer_secret: str) -> Granted | Failed:
    """When it fails, nothing that moves money was sent."""
    credentials = base64.b64encode(f"{consumer_key}:{consumer_secret}".encode()).decode()
    headers, params = {"Authorization": f"Basic {credentials}"}, {"grant_type": "client_credentials"}
    deadline = asyncio.get_running_loop().time() + SECONDS_TO_FETCH
    return read_grant(await wire.send(Call("token", "GET", PATH, headers, params=params), deadline))


def read_grant(reply: Reply) -> Granted | Failed:
    match reply:
        case NotSent(why) | Lost(why):
            return Failed(Reason.NOT_REACHED, "", f"no access token: {why}")
        case Answer(status) if 400 <= status < 500 and status not in TRY_AGAIN:
            # Sandbox keys sent to production are answered with an empty 400 (observed).
            return Failed(Reason.CONFIGURATION, reply.error_code, remark(reply.error_message) or f"HTTP {status}")
    token = reply.fields.get("access_token")
    if reply.status != 200 or not isinstance(token, str) or TOKEN.fullmatch(token) is None:
        return Failed(Reason.NOT_REACHED, reply.error_code, f"no access token: HTTP {reply.status}")
    return Granted(token, life(text_of(reply.fields.get("expires_in"))))


def life(expires_in: str) -> int:
    """Documented as a number, answered as a string."""
    return min(int(expires_in), LONGEST_LIFE) if expires_in.isdecimal() else LIFE_WHEN_NOT_SAID
