"""A telephone number as people write it in a chat, by itself or within a sentence. Two of them are asked about."""

import re
import unicodedata

from fundraising.refusals import NotAPhoneNumber, SeveralPhoneNumbers
from mpesa.msisdn import Msisdn, NotAMobileNumber

LONGEST = 400
NEXT = re.compile(r"[\r\n,;/|&]|\b(?:or|and|au|na|ama)\b", re.I)  # what may stand between two numbers
RUN = re.compile(r"(?<![\w+])(?:\+\s?|00)?\(?\d[\d\s().+_\-‐-―]{6,}\d(?!\w)")
ZERO_BEHIND_THE_COUNTRY = re.compile(r"2540([17]\d{8})")  # +254 0712 …
A_NUMBER_TOO = re.compile(r"\d(?:[\s().\-‐-―]?\d){6,}")  # what is left over and could have been meant as well


def read(text: str) -> Msisdn:
    """Raises NotAPhoneNumber, SeveralPhoneNumbers."""
    typed = plain(text)
    if len(typed) > LONGEST:
        raise NotAPhoneNumber
    found, unread = set(), []
    for part in NEXT.split(typed):
        for run in RUN.findall(part):
            numbers = numbers_in(run)
            found.update(numbers)
            unread += [] if numbers else [run]
    if not found and (alone := one(typed.replace("/", ""))):
        return alone
    if len(found) > 1 or (found and any(A_NUMBER_TOO.search(run) for run in unread)):
        raise SeveralPhoneNumbers
    if not found:
        raise NotAPhoneNumber
    return found.pop()


def numbers_in(run: str) -> list[Msisdn]:
    """The run as one number, else what stands between its blanks as several."""
    whole = one(run)
    apart = [whole] if whole else [one(piece) for piece in run.split()]
    return [number for number in apart if number]


def one(text: str) -> Msisdn | None:
    digits = re.sub(r"[\s().\-‐-―_]", "", text)
    try:
        if match := ZERO_BEHIND_THE_COUNTRY.fullmatch(digits.removeprefix("+")):
            return Msisdn(f"254{match[1]}")
        return Msisdn.parse(digits)
    except NotAMobileNumber:
        return None


def looks_like_one(text: str) -> bool:
    """For where an amount is expected: an amount has no leading zero and fewer digits."""
    try:
        read(text)
    except SeveralPhoneNumbers:
        return True
    except NotAPhoneNumber:
        return False
    return True


def plain(text: str) -> str:
    """Numbers pasted from an address book carry invisible marks, and digits of other scripts are digits."""
    seen = (char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in seen)
