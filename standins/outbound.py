"""The calls that Telegram and M-Pesa make to us."""

from collections.abc import AsyncIterator, Mapping

import aiohttp
from aiohttp import web

from standins.shapes import Delivered


class Outbound:
    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def lifespan(self, _: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as self._session:
            yield

    async def post(
        self, url: str, body: bytes, timeout_s: float, headers: Mapping[str, str] | None = None
    ) -> Delivered:
        assert self._session, "the application has not started"
        try:
            async with self._session.post(
                url,
                data=body,
                headers={"Content-Type": "application/json", **(headers or {})},
                timeout=aiohttp.ClientTimeout(total=timeout_s),
                allow_redirects=False,
            ) as answer:
                return Delivered(answer.status, body=await answer.text(errors="replace"))
        except (aiohttp.ClientError, TimeoutError) as error:
            return Delivered(None, error=str(error) or type(error).__name__)
