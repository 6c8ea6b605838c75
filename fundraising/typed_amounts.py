"""An amount as people write it: `KSh 2,500/=`, `5k`, `elfu moja`. What can be meant in two ways is not guessed."""

import re
import unicodedata
from decimal import Decimal

from fundraising import number_words
from fundraising.money import Money
from fundraising.refusals import AmbiguousAmount, NoCents, NotAnAmount

LONGEST = 60
MOST_DIGITS = 12
SHILLINGS = r"(?:k\.?\s?sh?s?\b\.?|kes\b\.?|shs?\b\.?|shill?ings?\b|shilingi\b|bob\b|kenyan?\s+shillings?\b)"
BEFORE = re.compile(rf"^{SHILLINGS}[\s.:=]*|^(?:k\.?sh?s?|kes|shs?)[.:=]?(?=\d)")
BEHIND = re.compile(
    rf"(?:\s*(?:/=|/-|=/|\.-|/|=)|\s*{SHILLINGS}|(?<=\d)(?:kes|k\.?shs?|shs?|bob)\.?|\s+(?:only|tu|please)|[.!])$"
)
BY_COMMAS = re.compile(r"\d{1,3}(?:,\s?\d{3})+(?:\.(\d{1,2}))?")  # 2,500.00
BY_BLANKS = re.compile(r"\d{1,3}(?:[ '’]\d{3})+(?:\.(\d{1,2}))?")
BY_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,(\d{1,2}))?")  # 1.000: shillings have no thousandths
PLAIN = re.compile(r"\d+(?:\.(\d{1,2}))?")
THOUSANDS = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s?k")
TWO_AMOUNTS = re.compile(r"(\d{3}) (?!000\b)(\d{3})")  # 100 200: one amount, or two?


def read(text: str) -> Money:
    """Raises NotAnAmount, NoCents, AmbiguousAmount. Any size: the limits are others' business."""
    lines = [line for line in plain(text).splitlines() if line.strip()]
    if len(lines) > 1:
        raise several(lines)
    return read_line(lines[0]) if lines else not_an_amount()


def read_line(line: str) -> Money:
    core = stripped(" ".join(line.split()))
    if len(core) > LONGEST:
        raise NotAnAmount
    if two := TWO_AMOUNTS.fullmatch(core):
        raise AmbiguousAmount([whole(two[1]), whole(two[2]), whole(two[1] + two[2])])
    for form in (BY_COMMAS, BY_BLANKS, BY_POINTS, PLAIN):
        if match := form.fullmatch(core):
            return figures(core, match[1])
    if match := THOUSANDS.fullmatch(core):
        return shillings(Decimal(match[1]) * 1_000)
    return in_words(core)


def figures(core: str, cents: str | None) -> Money:
    digits = re.sub(r"\D", "", core[: len(core) - len(cents) - 1] if cents else core)
    if len(digits) > MOST_DIGITS or (digits[0] == "0" and len(digits) > 1):  # 0500 is rather part of a number to call
        raise NotAnAmount
    if cents and int(cents):
        raise NoCents
    return whole(digits)


def in_words(core: str) -> Money:
    spaced = re.sub(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)", " ", core.replace("-", " ").replace(",", " "))
    found = sorted(number_words.readings(spaced.split()))
    if len(found) > 1:
        raise AmbiguousAmount([shillings(each) for each in found])
    return shillings(found[0]) if found else not_an_amount()


def stripped(core: str) -> str:
    """Without currency and what stands around an amount on a price tag."""
    core = BEFORE.sub("", core, count=1).strip()
    while (shorter := BEHIND.sub("", core).strip()) != core:
        core = shorter
    return core


def plain(text: str) -> str:
    """In small letters and western digits, without marks that nobody sees."""
    seen = (char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in seen).lower()


def several(lines: list[str]) -> NotAnAmount:
    """Two lines are two amounts, and never one."""
    try:
        return AmbiguousAmount([read_line(line) for line in lines[:3]])
    except NotAnAmount:
        return NotAnAmount()


def whole(digits: str) -> Money:
    return Money.shillings(int(digits))


def shillings(amount: Decimal) -> Money:
    if amount != int(amount):
        raise NoCents
    return Money.shillings(int(amount))


def not_an_amount() -> Money:
    raise NotAnAmount
