"""One request, and in words for people what kept it from being answered."""

import ssl

import httpx

FROM_HERE = "Check from this machine: the internet, DNS, a proxy or firewall in between."
BAD_CERTIFICATE = "The certificate must be valid and its chain complete: else neither M-Pesa nor Telegram connects."


class NoAnswer(Exception):
    def __init__(self, why: str, remedy: str):
        super().__init__(why)
        self.why, self.remedy = why, remedy


async def ask(http: httpx.AsyncClient, method: str, url: str, content: bytes | None = None) -> httpx.Response:
    """Raises NoAnswer."""
    try:
        return await http.request(method, url, content=content)
    except httpx.TimeoutException:
        raise NoAnswer("no answer in time", FROM_HERE) from None
    except httpx.TransportError as error:
        refused = certificate_error(error)
        if refused:
            raise NoAnswer(f"its certificate is refused: {refused.verify_message}", BAD_CERTIFICATE) from None
        raise NoAnswer(f"cannot be reached ({error or type(error).__name__})", FROM_HERE) from None


def certificate_error(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        error = error.__cause__ or error.__context__
    return None
