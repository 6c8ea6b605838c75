"""The access token. A new one kills the one before it, so there is one refresh at a time, and one owner."""

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

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


class TokenSource:
    def __init__(self, fetch: Callable[[], Awaitable[Granted | Failed]], now: Callable[[], datetime]):
        self._fetch, self._now = fetch, now
        self._token: Token | None = None
        self._refresh: asyncio.Task[Token | Failed] | None = None

    async def current(self) -> Token | Failed:
        """Whoever asks during a refresh gets that refresh's answer; cancelling one asker cancels nobody else's."""
        if self._token is not None and self._now() < self._token.refresh_at:
            return self._token
        if self._refresh is None or self._refresh.done():
            self._refresh = asyncio.create_task(self._renew())
        return await asyncio.shield(self._refresh)

    def discard(self, refused: Token) -> None:
        """Of ten callers whose token was refused together, only the first throws it away."""
        if self._token is refused:
            self._token = None

    async def aclose(self) -> None:
        if self._refresh is not None and not self._refresh.done():
            self._refresh.cancel()
            await asyncio.wait([self._refresh])

    async def _renew(self) -> Token | Failed:
        asked_at = self._now()
        granted = await self._fetch()
        if isinstance(granted, Failed):
            return granted
        self._token = Token(granted.token, asked_at + timedelta(seconds=granted.seconds) - MARGIN)
        return self._token


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
