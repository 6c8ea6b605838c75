"""An amount as people type it."""

import re

from fundraising.money import Money
from fundraising.refusals import AmountOutOfRange, NotAnAmount

LEAST = Money.shillings(1)  # Daraja's limits for one STK push (Safaricom's portal, December 2025)
MOST = Money.shillings(250_000)
SUGGESTED = tuple(Money.shillings(whole) for whole in (100, 200, 500, 1_000, 2_500, 5_000))
TYPED = re.compile(
    r"(?:kes|ksh|kshs)?\.?\s*(\d{1,3}(?:[,\s]\d{3})+|\d+)(?:\.0{1,2})?\s*(?:/[=-]|kes|ksh|kshs|bob)?\.?", re.I
)


def parse(text: str) -> Money:
    """`500`, `KES 1,500`, `1 500/=`, `500.00`. Raises NotAnAmount, AmountOutOfRange."""
    match = TYPED.fullmatch(text.strip())
    digits = re.sub(r"\D", "", match[1]) if match else ""
    if not digits.isascii() or not digits:
        raise NotAnAmount
    if len(digits) > 12:
        raise AmountOutOfRange(LEAST, MOST)
    return check(Money.shillings(int(digits)))


def check(amount: Money) -> Money:
    """Raises NotAnAmount for what M-Pesa cannot collect, AmountOutOfRange."""
    if amount.currency != "KES" or amount.minor % 100:
        raise NotAnAmount
    if not LEAST.minor <= amount.minor <= MOST.minor:
        raise AmountOutOfRange(LEAST, MOST)
    return amount
