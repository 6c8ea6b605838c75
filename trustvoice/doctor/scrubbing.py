"""Secrets kept out of what is printed, should somebody else's error quote one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pydantic import SecretStr
from sqlalchemy.engine import make_url

from trustvoice.doctor.lines import Line
from trustvoice.mail import smtp_url
from trustvoice.settings.model import Settings
from trustvoice.watching.logs import redact

TOO_SHORT = 4  # to be a secret, and to be cut out of sentences


def scrubbed(found: Iterable[Line], settings: Settings) -> list[Line]:
    hidden = sorted({secret for secret in secrets_of(settings) if len(secret) >= TOO_SHORT}, key=len, reverse=True)

    def scrub(text: str) -> str:
        for secret in hidden:
            text = text.replace(secret, "…")
        return redact(text)

    return [replace(line, found=scrub(line.found), remedy=scrub(line.remedy)) for line in found]


def secrets_of(settings: Settings) -> Iterator[str]:
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
    if settings.smtp_url:
        yield smtp_url.parse(settings.smtp_url.get_secret_value()).password or ""
    yield str(make_url(settings.database_url).password or "")
