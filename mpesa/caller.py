"""Calls with the access token. An app has one of these for all that it asks: a new token ends the old one."""

import asyncio

from mpesa.answers import token_refused
from mpesa.codes import Reason
from mpesa.outcome import Failed
from mpesa.token import Token, TokenSource
from mpesa.wire import Answer, Call, Reply, Wire

SECONDS_FOR_AN_ANSWER = 10.0  # token, call and a second try with a new token together

Body = dict[str, str | int]


class Caller:
    def __init__(self, wire: Wire, tokens: TokenSource):
        self._wire, self._tokens = wire, tokens

    async def aclose(self) -> None:
        await self._tokens.aclose()

    async def renew(self) -> None:
        await self._tokens.renew()

    async def call(self, name: str, path: str, body: Body) -> Reply | Failed:
        """Sends once; a second time only when the token was refused, which proves that nothing happened."""
        deadline = asyncio.get_running_loop().time() + SECONDS_FOR_AN_ANSWER
        reply = await self._attempt(name, path, body, deadline)
        if isinstance(reply, Answer) and token_refused(reply):
            return await self._attempt(name, path, body, deadline)
        return reply

    async def _attempt(self, name: str, path: str, body: Body, deadline: float) -> Reply | Failed:
        token = await self._token(deadline)
        if isinstance(token, Failed):
            return token
        call = Call(name, "POST", path, {"Authorization": f"Bearer {token.value}"}, json=body)
        reply = await self._wire.send(call, deadline)
        if isinstance(reply, Answer) and (reply.status == 401 or token_refused(reply)):
            self._tokens.discard(token)
        return reply

    async def _token(self, deadline: float) -> Token | Failed:
        try:
            async with asyncio.timeout_at(deadline):
                return await self._tokens.current()
        except TimeoutError:
            return Failed(Reason.NOT_REACHED, "", "no access token in time")
