"""A payment to a phone (B2C) as it is asked for, and what M-Pesa gives back when it takes it."""

import re
from dataclasses import dataclass, field

from mpesa.msisdn import Msisdn

# Observed in production (KEPAS, Global 121): longer than the 20 characters of Daraja's documentation are taken too.
ORIGINATOR_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
SMALLEST, LARGEST = 10, 250_000  # shillings in one payment
SHORTEST_REMARK, LONGEST_REMARK = 2, 100


@dataclass(frozen=True, slots=True)
class B2cPayment:
    originator_id: str  # ours, and M-Pesa's key against paying twice: a new one is a new payment
    phone: Msisdn
    shillings: int
    remarks: str  # 2-100 characters
    result_url: str = field(repr=False)  # both carry a secret token
    timeout_url: str = field(repr=False)
    occasion: str = ""  # at most 100 characters

    def __post_init__(self) -> None:
        check_originator_id(self.originator_id)
        if not isinstance(self.shillings, int) or not SMALLEST <= self.shillings <= LARGEST:
            raise ValueError("M-Pesa pays out whole shillings, from 10 to 250,000 at a time")
        check_remarks(self.remarks)
        if len(self.occasion) > LONGEST_REMARK:
            raise ValueError("the occasion must be at most 100 characters")
        check_urls(self.result_url, self.timeout_url)


@dataclass(frozen=True, slots=True)
class B2cAccepted:
    """M-Pesa has queued the payment; nothing is paid yet."""

    conversation_id: str
    originator_id: str  # as M-Pesa knows it; empty when it gave none


def check_originator_id(originator_id: str) -> None:
    if ORIGINATOR_ID.fullmatch(originator_id) is None:
        raise ValueError("the originator's id must be 1 to 100 letters, digits, - and _")


def check_remarks(remarks: str) -> None:
    if not SHORTEST_REMARK <= len(remarks.strip()) <= len(remarks) <= LONGEST_REMARK:
        raise ValueError("the remarks must be 2 to 100 characters")


def check_urls(result_url: str, timeout_url: str) -> None:
    if not all(url.startswith(("https://", "http://")) for url in (result_url, timeout_url)):
        raise ValueError("the result and timeout URLs must be http(s) addresses")
