"""Telegram or Daraja going wrong on purpose."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from standins.shapes import Fault

Act = Callable[[], Awaitable[web.StreamResponse]]
Refuse = Callable[[int, int | None], web.Response]


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def heal(self) -> None:
        self._faults.clear()

    def take(self, service: str, method: str) -> Fault | None:
        for fault in self._faults:
            if fault.service == service and (fault.method or method).lower() == method.lower():
                self._count_down(fault)
                return fault
        return None

    def _count_down(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times == 0:
            self._faults.remove(fault)


async def under(fault: Fault | None, request: web.Request, act: Act, refuse: Refuse) -> web.StreamResponse:
    """The answer as the fault would have it; `refuse(status, retry_after)` words it as the service does."""
    if fault is None:
        return await act()
    if fault.kind == "down":
        return cut(request)
    if fault.kind == "status":
        return refuse(int(fault.value or 500), None)
    if fault.kind == "retry_after":
        return refuse(429, int(fault.value or 1))
    if fault.kind == "delay":
        await asyncio.sleep(fault.value or 1)
        return await act()
    await act()
    return cut(request)


def cut(request: web.Request) -> web.Response:
    """Ends the connection without a word."""
    if request.transport:
        request.transport.abort()
    return web.Response()
