"""A refusal in Daraja's shape: requestId, errorCode, errorMessage."""

from aiohttp import web

from standins.daraja.identifiers import merchant_request_id
from standins.shapes import encoded

PROCESSING = "The transaction is being processed"


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str, request_id: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id or merchant_request_id()

    def as_response(self) -> web.Response:
        body = {"requestId": self.request_id, "errorCode": self.code, "errorMessage": self.message}
        return web.Response(status=self.status, body=encoded(body), content_type="application/json")


def invalid(field: str) -> Refused:
    return Refused(400, "400.002.02", f"Bad Request - Invalid {field}")


def busy(message: str) -> Refused:
    """500.001.1001 has four meanings, told apart by nothing but the message."""
    return Refused(500, "500.001.1001", message)


def invalid_token() -> Refused:
    return Refused(404, "404.001.03", "Invalid Access Token")


def spike_arrest() -> Refused:
    return Refused(500, "500.003.02", "Error Occured: Spike Arrest Violation")


def quota() -> Refused:
    return Refused(500, "500.003.03", "Error Occured: Quota Violation")


def maintenance() -> Refused:
    return Refused(503, "00.002.1001", "Service is currently under maintenance. Please try again later")


def forbidden() -> Refused:
    """Observed in production (KEPAS): some shortcodes are refused the third version of B2C."""
    return Refused(403, "403.002.1001", "You are not authorized to use this API")


def duplicate() -> Refused:
    return Refused(500, "500.002.1001", "Duplicate OriginatorConversationID.")


def system_error() -> Refused:
    return Refused(500, "500.002.1001", "System internal error.")
