"""What every answer says of itself, whatever its address."""

from aiohttp import web

# The server's name alone: which versions it runs on is nobody's business.
ON_EVERY_ANSWER = {"X-Content-Type-Options": "nosniff", "Server": "TrustVoice"}
ONLY_ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}  # to whom PUBLIC_URL is https


def add(app: web.Application, is_public: bool) -> None:
    """`is_public`: browsers reach us by https, and are to come no other way for a year."""
    headers = ON_EVERY_ANSWER | (ONLY_ENCRYPTED if is_public else {})

    async def put(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(headers)

    app.on_response_prepare.append(put)
