"""How Daraja answers a request, as a behaviour tells it."""

import asyncio

from aiohttp import web

from standins.daraja.refusals import Refused, forbidden, maintenance, quota, spike_arrest, system_error
from standins.faults import cut

HTML = "<html><body>Service temporarily unavailable</body></html>"


async def answer(request: web.Request, style: str, accepted: web.Response | None) -> web.Response:
    """`accepted` is what an honest answer would be; None when the request was not taken. Raises Refused."""
    if no := refusal(style, accepted is not None):
        raise no
    if style == "html":
        return web.Response(text=HTML, content_type="text/html")
    if style == "empty400":
        return web.Response(status=400)
    if style.startswith("slow:"):
        await asyncio.sleep(float(style.removeprefix("slow:")))
    if accepted is None or style in ("lost", "refuse_connection"):
        return cut(request)
    return accepted


def refusal(style: str, is_taken: bool) -> Refused | None:
    if style in ("http500", "http500_paid"):
        return system_error()
    if style == "forbidden_v3" and not is_taken:
        return forbidden()
    gateway = {"spike_arrest": spike_arrest, "quota": quota, "maintenance": maintenance}
    return gateway[style]() if style in gateway else None
