"""What stands behind a command."""

from bot.chat.context import Context
from fundraising.refusals import NoSuchPayout

LONGEST_ID = 18


def payout_id(context: Context) -> int | None:
    """The first word after the command; None where there is none. Raises NoSuchPayout."""
    if not context.args:
        return None
    number = number_in(context.args[0])
    if number is None:
        raise NoSuchPayout
    return number


def number_in(word: str) -> int | None:
    """`12` or `#12`; None for what is no row's id."""
    digits = word.removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_ID else None
