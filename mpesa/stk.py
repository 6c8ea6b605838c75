"""An STK push as it is asked for, and what M-Pesa gives back when it takes it."""

import re
from dataclasses import dataclass, field

from mpesa.msisdn import Msisdn

REFERENCE = re.compile(r"[A-Za-z0-9]{1,12}")
LONGEST_DESCRIPTION = 13


@dataclass(frozen=True, slots=True)
class StkPush:
    phone: Msisdn
    shillings: int
    reference: str  # 1-12 letters and digits, shown on the prompt
    description: str  # 1-13 characters; left out, M-Pesa was observed to refuse the request
    callback_url: str = field(repr=False)  # carries a secret token

    def __post_init__(self) -> None:
        if isinstance(self.shillings, bool) or not isinstance(self.shillings, int) or self.shillings <= 0:
            raise ValueError("M-Pesa takes whole shillings, one or more")
        if REFERENCE.fullmatch(self.reference) is None:
            raise ValueError("the reference must be 1 to 12 letters and digits")
        if not self.description.strip() or len(self.description) > LONGEST_DESCRIPTION:
            raise ValueError("the description must be 1 to 13 characters")
        if not self.callback_url.startswith(("https://", "http://")):
            raise ValueError("the callback URL must be an http(s) address")


@dataclass(frozen=True, slots=True)
class PushAccepted:
    """The phone is being asked; nothing is paid yet."""

    checkout_id: str
    merchant_request_id: str
