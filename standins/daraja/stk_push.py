"""POST /mpesa/stkpush/v1/processrequest."""

from collections.abc import Mapping

from aiohttp import web

from standins.background import Background
from standins.daraja import results
from standins.daraja.answers import answer
from standins.daraja.checks import PushRequest, read_push
from standins.daraja.options import DarajaOptions
from standins.daraja.phones import Phones
from standins.daraja.refusals import busy
from standins.daraja.sessions import Session, Sessions
from standins.shapes import Behaviour

LOCKED = "Unable to lock subscriber, a transaction is already in process for the current subscriber"


class StkPush:
    def __init__(
        self, options: DarajaOptions, phones: Phones[Behaviour], sessions: Sessions, background: Background
    ) -> None:
        self._options = options
        self._phones = phones
        self._sessions = sessions
        self._background = background

    async def __call__(self, request: web.Request, body: Mapping[str, object]) -> web.Response:
        asked = read_push(body, self._options)
        if not self._phones.peek(asked.phone).reaches_phone:
            return await answer(request, self._phones.take(asked.phone).answer, None)
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
        return await answer(request, behaviour.answer, accepted(session))


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
