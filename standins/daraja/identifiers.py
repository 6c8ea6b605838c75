"""Numbers shaped like M-Pesa's own."""

import secrets
import string
import uuid
from datetime import datetime

from standins.daraja import clock

ALPHABET = string.ascii_uppercase + string.digits
DAYS = string.digits + string.ascii_uppercase
FIRST_YEAR = 2006


def merchant_request_id() -> str:
    """As since 2024: a UUID without its first group, and seven digits more."""
    return str(uuid.uuid4()).partition("-")[2] + f"{secrets.randbelow(9_000_000) + 1_000_000}"


def checkout_request_id(phone: str, at: datetime) -> str:
    """Day, time to the millisecond, and the payer's nine digits."""
    return f"ws_CO_{at:%d%m%Y%H%M%S}{at.microsecond // 1000:03d}{phone[-9:]}"


def conversation_id() -> str:
    """The day, and twenty hexadecimal digits."""
    return f"AG_{clock.now():%Y%m%d}_{secrets.token_hex(10)}"


def receipt() -> str:
    """Ten letters and digits; the first three tell year, month and day."""
    return day() + "".join(secrets.choice(ALPHABET) for _ in range(7))


def no_receipt() -> str:
    """The number of what moves no money, as results of questions carry it."""
    return f"{day()}0000000"


def day() -> str:
    at = clock.now()
    return string.ascii_uppercase[at.year - FIRST_YEAR] + string.ascii_uppercase[at.month - 1] + DAYS[at.day]
