"""Reading what the page or a test sends, and answering it."""

from typing import TypeVar

import msgspec
from aiohttp import web

from standins.shapes import encoded

T = TypeVar("T")


async def read(request: web.Request, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.read() or b"{}", type=shape)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest(text=str(error)) from None


def answer(value: object) -> web.Response:
    return web.Response(body=encoded(value), content_type="application/json")


def done() -> web.Response:
    return answer({"ok": True})
