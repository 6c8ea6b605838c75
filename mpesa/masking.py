"""What of M-Pesa's words may stand in a log, and of people's before those who may not see whom they are about."""

import re

KEPT_OF_CHECKOUT_ID = 15  # newer CheckoutRequestIDs end in nine digits of the payer's number
LONGEST_REMARK = 200
HIDDEN = "•••"
NUMBER = re.compile(r"\+?\d(?:[ .()/-]?\d){6,}")

# Error texts repeat what they complain about: access tokens, URLs with our token, phone numbers.
SECRET = re.compile(r"(?=[\w+/=-]*\d)[\w+/=-]{9,}|[\w+/=-]{25,}")


def mask_checkout_id(checkout_id: str) -> str:
    return checkout_id if len(checkout_id) <= KEPT_OF_CHECKOUT_ID else f"{checkout_id[:KEPT_OF_CHECKOUT_ID]}…"


def without_numbers(text: str) -> str:
    """A text of people, without what may be somebody's telephone number."""
    return NUMBER.sub(HIDDEN, text)


def remark(value: object) -> str:
    """M-Pesa's own sentence, shortened, on one line, without anything that looks like a number or a token."""
    if not isinstance(value, str):
        return ""
    return SECRET.sub("…", " ".join(value[:LONGEST_REMARK].split()))
