"""The bytes of a request's body, of whoever sends them: so many at most, as they are, and whole."""

from aiohttp import web

ENCODED = "Content-Encoding"


class Encoded(Exception):
    """Packed: a few kilobytes can become a gigabyte when they are unpacked, and nobody who calls us packs."""


class TooLarge(Exception):
    pass


class BrokenOff(Exception):
    """The sender went away, or what came is no HTTP."""


async def body_of(request: web.Request, most_bytes: int) -> bytes:
    """Raises Encoded, TooLarge, BrokenOff."""
    if request.headers.get(ENCODED, "identity").strip().lower() not in ("identity", ""):
        raise Encoded
    if (request.content_length or 0) > most_bytes:
        raise TooLarge
    body = bytearray()
    try:
        while chunk := await request.content.readany():
            body += chunk
            if len(body) > most_bytes:
                raise TooLarge
    except (web.RequestPayloadError, ConnectionError) as error:
        raise BrokenOff from error
    return bytes(body)
