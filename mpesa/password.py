"""The Password of an STK request, which is only good together with the Timestamp that went into it."""

import base64
from dataclasses import dataclass, field
from datetime import datetime

from mpesa.kenyan_time import stamp


@dataclass(frozen=True, slots=True)
class Password:
    value: str = field(repr=False)
    timestamp: str


def make_password(shortcode: str, passkey: str, moment: datetime) -> Password:
    timestamp = stamp(moment)
    return Password(base64.b64encode(f"{shortcode}{passkey}{timestamp}".encode()).decode(), timestamp)
