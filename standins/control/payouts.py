"""/control/daraja: how recipients' numbers behave, the float, the initiator's lock, results by hand."""

from aiohttp import web

from standins.control.answers import answer, done, read
from standins.daraja import payout_bodies
from standins.daraja.desk import Desk
from standins.daraja.payout_results import DONE
from standins.daraja.payouts import Payout
from standins.daraja.result_posts import Kind
from standins.shapes import Float, JsonObject, PayoutCallback, PayoutScript


class PayoutControl:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(r"/daraja/recipient/{phone:\d{12}}", self.recipient),
            web.get("/daraja/balances", self.balances),
            web.post("/daraja/float", self.set_float),
            web.get("/daraja/certificate", self.certificate),
            web.post("/daraja/unlock-initiator", self.unlock),
            web.post("/daraja/payout-callback", self.callback),
        ]

    async def recipient(self, request: web.Request) -> web.Response:
        script = await read(request, PayoutScript)
        self._desk.recipients.script(request.match_info["phone"], script.next, script.always)
        return done()

    async def balances(self, request: web.Request) -> web.Response:
        return answer(self._desk.books.book.accounts)

    async def set_float(self, request: web.Request) -> web.Response:
        self._desk.books.set_float((await read(request, Float)).shillings)
        return done()

    async def certificate(self, request: web.Request) -> web.Response:
        return web.Response(text=self._desk.options.certificate_pem, content_type="application/x-pem-file")

    async def unlock(self, request: web.Request) -> web.Response:
        self._desk.initiator.unlock()
        return done()

    async def callback(self, request: web.Request) -> web.Response:
        wanted = await read(request, PayoutCallback)
        payout = self._desk.payouts.find(wanted.originator_id or "")
        url = wanted.url or (self._url(payout, wanted) if payout else None)
        body = wanted.body or (self._body(payout, wanted) if payout else None)
        if url is None or body is None:
            raise web.HTTPBadRequest(text="needs the originator_id of an accepted payout, or url and body")
        if wanted.token is not None:
            url = f"{url.rpartition('/')[0]}/{wanted.token}".rstrip("/")
        kind: Kind = "timeout" if wanted.to == "timeout" else "payout"
        return answer(await self._desk.posts.post(kind, wanted.originator_id or "", url, body))

    def _url(self, payout: Payout, wanted: PayoutCallback) -> str:
        return payout.asked.timeout_url if wanted.to == "timeout" else payout.asked.result_url

    def _body(self, payout: Payout, wanted: PayoutCallback) -> JsonObject:
        """What was sent last, if nothing is to be changed; else a result made up of the wishes."""
        if wanted.to == "timeout":
            return self._desk.payouts.notice(payout)
        if payout.last and (wanted.code, wanted.amount, wanted.receipt) == (None, None, None):
            return payout.last
        code = DONE if wanted.code is None else wanted.code
        if str(code) != str(DONE):
            return payout_bodies.failure(payout.conversation, wanted.receipt or payout.transaction_id, code)
        return self._desk.payouts.success(payout, code, wanted.amount, wanted.receipt)
