"""POST /mpesa/stkpushquery/v1/query: the result, without receipt or amount."""

from collections.abc import Mapping

from aiohttp import web

from standins.daraja import results
from standins.daraja.checks import check_credentials, matching
from standins.daraja.options import DarajaOptions
from standins.daraja.refusals import PROCESSING, Refused, busy
from standins.daraja.sessions import Session, Sessions


class StkQuery:
    def __init__(self, options: DarajaOptions, sessions: Sessions) -> None:
        self._options = options
        self._sessions = sessions

    async def __call__(self, request: web.Request, body: Mapping[str, object]) -> web.Response:
        check_credentials(body, self._options)
        checkout_id = matching(body, "CheckoutRequestID", r"ws_CO_\w{10,60}")
        session = self._sessions.get(checkout_id)
        if session is None:
            raise busy("The transaction does not exist")
        session.queries += 1
        code = self._told(session)
        return self._pending(session) if code is None else result(session, code)

    def _told(self, session: Session) -> int | None:
        """The truth, unless the behaviour hides or twists it."""
        style, _, times = session.behaviour.query.partition(":")
        if times and session.queries <= int(times):
            return None
        if style == "failed_contradiction" and session.push.result is not None:
            return results.CANCELLED
        return session.push.result

    def _pending(self, session: Session) -> web.Response:
        style = session.behaviour.query.partition("_")[0]
        form = style if style in ("4999", "processing") else self._options.pending_answer
        if form == "4999":
            return result(session, results.STILL_PROCESSING)
        raise Refused(500, "500.001.1001", PROCESSING, session.push.checkout_id)


def result(session: Session, code: int) -> web.Response:
    return web.json_response(
        {
            "ResponseCode": "0",
            "ResponseDescription": "The service request has been accepted successsfully",
            "MerchantRequestID": session.push.merchant_request_id,
            "CheckoutRequestID": session.push.checkout_id,
            "ResultCode": str(code),
            "ResultDesc": results.description(code),
        }
    )
