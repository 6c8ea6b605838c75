"""POST /mpesa/stkpush/v1/processrequest."""

import asyncio
from collections.abc import Mapping

from aiohttp import web

from standins.background import Background
from standins.daraja import results
from standins.daraja.checks import PushRequest, read_push
from standins.daraja.options import DarajaOptions
from standins.daraja.phones import Phones
from standins.daraja.refusals import busy, spike_arrest, system_error
from standins.daraja.sessions import Session, Sessions
from standins.faults import cut
from standins.shapes import Behaviour

LOCKED = "Unable to lock subscriber, a transaction is already in process for the current subscriber"

HTML = "<html><body>Service temporarily unavailable</body></html>"


class StkPush:
    def __init__(self, options: DarajaOptions, phones: Phones, sessions: Sessions, background: Background) -> None:
        self._options = options
        self._phones = phones
        self._sessions = sessions
        self._background = background

    async def __call__(self, request: web.Request, body: Mapping[str, object]) -> web.Response:
        asked = read_push(body, self._options)
        if not self._phones.peek(asked.phone).reaches_phone:
            return await self._answer(request, self._phones.take(asked.phone), None)
        if self._sessions.is_locked(asked.phone):
            raise busy(LOCKED)
        if code := self._rule_against(asked):
            session = self._sessions.accept(asked, Behaviour(), rings=False)
            self._background.start(self._sessions.refuse_later(session, code))
            return accepted(session)
        return await self._ring(request, asked)

    def _rule_against(self, asked: PushRequest) -> int | None:
        if not asked.right_product:
            return results.WRONG_PRODUCT
        return results.RULE_LIMITED if self._sessions.is_repeat(asked.phone, asked.shillings) else None

    async def _ring(self, request: web.Request, asked: PushRequest) -> web.Response:
        behaviour = self._phones.take(asked.phone)
        session = self._sessions.accept(asked, behaviour, rings=True)
        if behaviour.callback == "before_ack":
            await self._sessions.ring(session)
        else:
            self._background.start(self._sessions.ring(session))
        return await self._answer(request, behaviour, session)

    async def _answer(self, request: web.Request, behaviour: Behaviour, session: Session | None) -> web.Response:
        """As the behaviour tells, whether the phone rings or not."""
        style = behaviour.answer
        if style == "http500":
            raise system_error()
        if style == "spike_arrest":
            raise spike_arrest()
        if style == "html":
            return web.Response(
                text="<html><body>Service temporarily unavailable</body></html>", content_type="text/html"
            )
        if style == "empty400":
            return web.Response(status=400)
        if style.startswith("slow:"):
            await asyncio.sleep(float(style.removeprefix("slow:")))
        if session is None or style in ("lost", "refuse_connection"):
            return cut(request)
        return accepted(session)


def accepted(session: Session) -> web.Response:
    return web.json_response(
        {
            "MerchantRequestID": session.push.merchant_request_id,
            "CheckoutRequestID": session.push.checkout_id,
            "ResponseCode": "0",
            "ResponseDescription": "Success. Request accepted for processing",
            "CustomerMessage": "Success. Request accepted for processing",
        }
    )
