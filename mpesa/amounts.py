"""Shillings as M-Pesa writes them, into cents: exactly, or not at all."""

import re
from decimal import Decimal

from mpesa.bodies import text_of

# Whole digits and at most two decimals; the bound keeps the cents inside 64 bits.
AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,2}))?")
# Of balances also a sign and an exponent: M-Pesa writes them as Java writes its doubles, 10000000 as 1.0E7.
BALANCE = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?(?:E[0-9]{1,2})?")
LARGEST_BALANCE = 10**17


def cents(amount: object) -> int | None:
    """None: a number with more than two decimals, an exponent, a sign, or nothing to pay."""
    match = AMOUNT.fullmatch(text_of(amount))
    if match is None:
        return None
    whole, decimals = match.groups("")
    return int(whole + decimals.ljust(2, "0")) or None


def balance_cents(balance: object) -> int | None:
    """May be nothing, or less: the account that charges are booked to is in debt until they are settled."""
    text = text_of(balance)
    if BALANCE.fullmatch(text) is None:
        return None
    minor = Decimal(text).scaleb(2)
    return int(minor) if abs(minor) < LARGEST_BALANCE and minor == minor.to_integral_value() else None
