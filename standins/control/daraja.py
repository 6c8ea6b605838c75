"""/control/daraja: be the owner of a phone, read M-Pesa's books, send callbacks by hand."""

from aiohttp import web

from standins.control.answers import answer, done, read
from standins.daraja import callbacks, clock, results
from standins.daraja.desk import Desk
from standins.daraja.identifiers import receipt
from standins.daraja.sessions import NoSuchPrompt
from standins.shapes import CallbackByHand, Decision, JsonObject, PhoneScript, Push


class DarajaControl:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(r"/daraja/phone/{phone:\d{12}}", self.phone),
            web.post("/daraja/prompt/{checkout_id}", self.prompt),
            web.get("/daraja/prompts", self.prompts),
            web.get("/daraja/book", self.book),
            web.post("/daraja/callback", self.callback),
            web.post("/daraja/expire-tokens", self.expire_tokens),
        ]

    async def phone(self, request: web.Request) -> web.Response:
        script = await read(request, PhoneScript)
        self._desk.phones.script(request.match_info["phone"], script.next, script.always)
        return done()

    async def prompt(self, request: web.Request) -> web.Response:
        decision = await read(request, Decision)
        step = decision.as_step(self._desk.options.pin)
        try:
            self._desk.sessions.decide(request.match_info["checkout_id"], step)
        except NoSuchPrompt:
            raise web.HTTPConflict(text=f"no open prompt of that id; open: {self._open()}") from None
        return answer({"do": step.do})

    async def prompts(self, request: web.Request) -> web.Response:
        return answer(self._desk.sessions.prompts())

    async def book(self, request: web.Request) -> web.Response:
        return answer(self._desk.books.book)

    async def callback(self, request: web.Request) -> web.Response:
        wanted = await read(request, CallbackByHand)
        push = self._desk.books.push(wanted.checkout_id or "")
        url = wanted.url or (push.callback_url if push else None)
        body = wanted.body or (self._body(push, wanted) if push else None)
        if url is None or body is None:
            raise web.HTTPBadRequest(text="needs a known checkout_id, or url and body")
        if wanted.token is not None:
            url = f"{url.rpartition('/')[0]}/{wanted.token}"
        return answer(await self._desk.callbacks.post(wanted.checkout_id or "", url, body))

    async def expire_tokens(self, request: web.Request) -> web.Response:
        self._desk.oauth.expire_all()
        return done()

    def _open(self) -> list[str]:
        return [prompt.checkout_id for prompt in self._desk.sessions.prompts()]

    def _body(self, push: Push, wanted: CallbackByHand) -> JsonObject:
        """What was sent last, if nothing is to be changed; else a callback made up of the wishes."""
        last = self._desk.callbacks.last.get(push.checkout_id)
        if last and (wanted.code, wanted.amount, wanted.receipt) == (None, None, None):
            return last
        code = results.PAID if wanted.code is None else wanted.code
        if code != results.PAID:
            return callbacks.body(push, code)
        amount = push.shillings if wanted.amount is None else wanted.amount
        number = wanted.receipt or self._receipt(push)
        stamp = int(clock.now().strftime(clock.STAMP))
        return callbacks.body(push, code, callbacks.metadata(amount, number, stamp, push.phone))

    def _receipt(self, push: Push) -> str:
        """The payment's own; when no money moved, one that M-Pesa never gave."""
        moved = (moved.receipt for moved in self._desk.books.book.moved if moved.checkout_id == push.checkout_id)
        return next(moved, receipt())
