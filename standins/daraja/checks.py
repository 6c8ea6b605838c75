"""What a request must look like before Daraja takes it."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from standins.daraja import callback_urls, clock
from standins.daraja.options import DarajaOptions
from standins.daraja.refusals import busy, invalid

TYPES = ("CustomerPayBillOnline", "CustomerBuyGoodsOnline")
MAX_SHILLINGS = 250_000
CLOCK_TOLERANCE = timedelta(hours=1)


@dataclass(frozen=True)
class PushRequest:
    phone: str
    shillings: int
    reference: str
    description: str
    callback_url: str
    right_product: bool


def read_push(body: Mapping[str, object], options: DarajaOptions) -> PushRequest:
    check_credentials(body, options)
    kind = matching(body, "TransactionType", "|".join(TYPES))
    shillings = read_shillings(body.get("Amount"))
    matching(body, "PartyA", r"254[17]\d{8}")
    till = matching(body, "PartyB", r"\d{5,7}")
    phone = matching(body, "PhoneNumber", r"254[17]\d{8}")
    url = callback_urls.check(body.get("CallBackURL"), options.refuse_words_in_urls)
    reference = matching(body, "AccountReference", r"[A-Za-z0-9]{1,12}")
    description = matching(body, "TransactionDesc", r".{1,13}", "Remarks")
    return PushRequest(phone, shillings, reference, description, url, kind != TYPES[0] or till == options.shortcode)


def check_credentials(body: Mapping[str, object], options: DarajaOptions) -> None:
    """The shortcode, the time, and the password made of both and the passkey."""
    shortcode = matching(body, "BusinessShortCode", r"\d{5,7}")
    password = matching(body, "Password", r".+")
    stamp = matching(body, "Timestamp", r"\d{14}")
    try:
        at = clock.read_stamp(stamp)
    except ValueError:
        raise invalid("Timestamp") from None
    if abs(at - clock.now()) > CLOCK_TOLERANCE:
        raise invalid("Timestamp")
    if shortcode != options.shortcode:
        raise busy("Merchant does not exist")
    if password != base64.b64encode(f"{shortcode}{options.passkey}{stamp}".encode()).decode():
        raise busy("Wrong credentials")


def read_shillings(given: object, least: int = 1) -> int:
    """A whole number, or its digits in a string."""
    if isinstance(given, bool) or not isinstance(given, int | str) or not re.fullmatch(r"\d{1,9}", str(given)):
        raise invalid("Amount")
    if not least <= int(given) <= MAX_SHILLINGS:
        raise invalid("Amount")
    return int(given)


def matching(body: Mapping[str, object], field: str, pattern: str, called: str | None = None) -> str:
    """The field as text; numbers are taken for their digits."""
    given = body.get(field)
    if isinstance(given, bool) or not isinstance(given, int | str) or not re.fullmatch(pattern, str(given), re.ASCII):
        raise invalid(called or field)
    return str(given)
