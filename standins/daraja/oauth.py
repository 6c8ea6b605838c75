"""GET /oauth/v1/generate: an access token for the application's key and secret."""

import base64
import binascii
import secrets
import time

from aiohttp import web

from standins.daraja.options import DarajaOptions
from standins.daraja.refusals import Refused, invalid_token


class Oauth:
    def __init__(self, options: DarajaOptions) -> None:
        self._options = options
        self._expires: dict[str, float] = {}

    async def generate(self, request: web.Request) -> web.Response:
        if request.query.get("grant_type") != "client_credentials":
            raise Refused(400, "400.008.02", "Invalid grant type passed")
        if not self._knows(request.headers.get("Authorization", "")):
            return web.Response(status=400)  # observed live: wrong keys get an empty body
        if self._options.new_token_ends_old:
            self._expires.clear()
        token = secrets.token_hex(14)
        self._expires[token] = time.time() + self._options.token_life_s
        return web.json_response({"access_token": token, "expires_in": str(int(self._options.token_life_s))})

    def check(self, request: web.Request) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or self._expires.get(token, 0) < time.time():
            raise invalid_token()

    def expire_all(self) -> None:
        self._expires.clear()

    def _knows(self, header: str) -> bool:
        if not header:
            raise Refused(404, "404.001.04", "Invalid Authentication Header")
        scheme, _, given = header.partition(" ")
        if scheme.lower() != "basic":
            raise Refused(400, "400.008.01", "Invalid Authentication passed")
        try:
            pair = base64.b64decode(given, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        return pair == f"{self._options.consumer_key}:{self._options.consumer_secret}"
