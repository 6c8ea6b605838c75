"""Somebody as M-Pesa's results name them: `254712345678 - AKINYI OTIENO`, sometimes with a masked number."""

import re

from mpesa.msisdn import Msisdn

PARTY = re.compile(r"\+?([\d*•]{3,})\s*-\s*(.+)", re.S)
MASKED = "*•"


def name_of(party: str | None, phone: Msisdn) -> str | None:
    """In whose name this number is registered; None where another number is named, or nobody."""
    found = PARTY.fullmatch(party or "")
    if found is None:
        return party if party and any(char.isalpha() for char in party) else None
    return found[2].strip() or None if is_of(found[1], phone) else None


def is_of(shown: str, phone: Msisdn) -> bool:
    whole = f"254{shown[1:]}" if len(shown) == len(phone.digits) - 2 and shown[0] == "0" else shown
    return len(whole) == len(phone.digits) and all(
        char == digit or char in MASKED for char, digit in zip(whole, phone.digits, strict=True)
    )
