"""What an initiator can ask M-Pesa. The answer only says that the question was taken; the fact comes as a result."""

import re
from dataclasses import dataclass, field

from mpesa.b2c import check_originator_id, check_remarks, check_urls

RECEIPT = re.compile(r"[A-Za-z0-9]{1,40}")


@dataclass(frozen=True, slots=True)
class StatusQuestion:
    """What became of one transaction, named by either the originator's id of its request or its receipt."""

    originator_id: str | None
    receipt: str | None
    result_url: str = field(repr=False)  # both carry a secret token
    timeout_url: str = field(repr=False)
    remarks: str = "Status"

    def __post_init__(self) -> None:
        if (self.originator_id is None) == (self.receipt is None):
            raise ValueError("a transaction is named by its originator's id or by its receipt, by one of them")
        if self.originator_id is not None:
            check_originator_id(self.originator_id)
        if self.receipt is not None and RECEIPT.fullmatch(self.receipt) is None:
            raise ValueError("a receipt must be 1 to 40 letters and digits")
        check_remarks(self.remarks)
        check_urls(self.result_url, self.timeout_url)


@dataclass(frozen=True, slots=True)
class BalanceQuestion:
    result_url: str = field(repr=False)  # both carry a secret token
    timeout_url: str = field(repr=False)
    shortcode: str | None = None  # whose accounts; None: the one that pays

    def __post_init__(self) -> None:
        if self.shortcode is not None and not (self.shortcode.isascii() and self.shortcode.isdecimal()):
            raise ValueError("a shortcode must be digits")
        check_urls(self.result_url, self.timeout_url)
