"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

from aiohttp import web

from standins.faults import Faults, under
from standins.shapes import JsonObject, encoded
from standins.telegram.methods import METHODS
from standins.telegram.parameters import read
from standins.telegram.refusals import BadRequest, Refused
from standins.telegram.state import Telegram

MAX_UPLOAD = 60 * 1024 * 1024
WORDS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}


class BotApi:
    def __init__(self, telegram: Telegram, faults: Faults) -> None:
        self._telegram = telegram
        self._faults = faults

    def build(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/bot{token:[^/]*}/{method}", self.call)
        app.router.add_get("/file/bot{token:[^/]*}/{path:.+}", self.download)
        return app

    async def call(self, request: web.Request) -> web.StreamResponse:
        fault = self._faults.take("telegram", request.match_info["method"])
        return await under(fault, request, lambda: self._answer(request), refusal)

    async def download(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self._telegram.options.token:
            return refusal(401)
        try:
            file = self._telegram.files.get(request.match_info["path"].rpartition("/")[2])
        except BadRequest:
            return refusal(404)
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _answer(self, request: web.Request) -> web.Response:
        method = METHODS.get(request.match_info["method"].lower())
        if request.match_info["token"] != self._telegram.options.token:
            return refusal(401)
        if method is None:
            return refused(404, "Not Found: method not found")
        try:
            result = await method(self._telegram, await read(request))
        except Refused as no:
            return refused(no.code, no.description, no.retry_after)
        return respond(200, {"ok": True, "result": result})


def refusal(status: int, retry_after: int | None = None) -> web.Response:
    words = WORDS.get(status, "Internal Server Error" if status == 500 else "Bad Gateway")
    if retry_after is not None:
        words = f"{words}: retry after {retry_after}"
    return refused(status, words, retry_after)


def refused(status: int, description: str, retry_after: int | None = None) -> web.Response:
    body: JsonObject = {"ok": False, "error_code": status, "description": description}
    if retry_after is not None:
        body["parameters"] = {"retry_after": retry_after}
    return respond(status, body)


def respond(status: int, body: JsonObject) -> web.Response:
    return web.Response(status=status, body=encoded(body), content_type="application/json")
