"""An amount as people type it."""

from fundraising import typed_amounts
from fundraising.money import Money
from fundraising.refusals import AmountOutOfRange, NotAnAmount

LEAST = Money.shillings(1)  # Daraja's limits for one STK push (Safaricom's portal, December 2025)
MOST = Money.shillings(250_000)
SUGGESTED = tuple(Money.shillings(whole) for whole in (100, 200, 500, 1_000, 2_500, 5_000))


def parse(text: str) -> Money:
    """`500`, `KES 1,500`, `5k`, `elfu moja`. Raises NotAnAmount, NoCents, AmbiguousAmount, AmountOutOfRange."""
    return check(typed_amounts.read(text))


def check(amount: Money) -> Money:
    """Raises NotAnAmount for what M-Pesa cannot collect, AmountOutOfRange."""
    if amount.currency != "KES" or amount.minor % 100:
        raise NotAnAmount
    if not LEAST.minor <= amount.minor <= MOST.minor:
        raise AmountOutOfRange(LEAST, MOST)
    return amount
