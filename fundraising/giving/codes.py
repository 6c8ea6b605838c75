"""M-Pesa's transaction codes in what people write: alone, within a sentence, or the whole message from M-Pesa.

Ten letters and digits, of both kinds: `TKM1AB2CD3`. The first three are the year, the month (A–L) and the day (1–9,
then A–V), as samples have them. That is only looked at where an ordinary word could be meant.
"""

import re
import unicodedata

from fundraising import typed_amounts
from fundraising.money import Money
from fundraising.refusals import NotAnAmount

LONGEST = 4_000
MOST_IN_A_TEXT = 3
CANDIDATE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]{9}(?![A-Za-z0-9])")
REFERENCE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z]*\d)[A-Za-z2-7]{10}(?![A-Za-z0-9])")  # as randomness makes them
DATED = re.compile(r"[A-Z][A-L][1-9A-V][A-Z0-9]{7}")
A_NAME_WITH_A_NUMBER = re.compile(r"[a-z]+\d{1,4}", re.I)  # wanjiku123
SUM_OF_MONEY = re.compile(r"(?:KES|KSH|KSHS)\d+")  # `KES1500000` has the form of a code
MESSAGE = re.compile(r"^\W*[A-Za-z][A-Za-z0-9]{9}\W+(?:confirmed|imethibitishwa)\b", re.I)
SUM_IN_MESSAGE = re.compile(r"Ksh\s?([\d,]+(?:\.\d{1,2})?)", re.I)


def codes_in(text: str) -> list[str]:
    """In capital letters, as M-Pesa writes them, in the order in which they come. Nothing else is decided here."""
    typed = plain(text)
    alone = CANDIDATE.fullmatch(typed.strip(" \t\r\n.,:;!?()[]\"'*#")) is not None
    found = [word.upper() for word in CANDIDATE.findall(typed[:LONGEST]) if is_code(word, alone)]
    return list(dict.fromkeys(found))[:MOST_IN_A_TEXT]


def references_in(text: str) -> list[str]:
    """What may be the account number of a gift, which people take for the code. Like a code, or with a digit first."""
    return list(dict.fromkeys(word.upper() for word in REFERENCE.findall(plain(text)[:LONGEST])))[:MOST_IN_A_TEXT]


def is_code(word: str, alone: bool) -> bool:
    capital = word.upper()
    if not any(char.isdigit() for char in word) or SUM_OF_MONEY.fullmatch(capital):
        return False
    return alone or word.isupper() or bool(DATED.fullmatch(capital) and not A_NAME_WITH_A_NUMBER.fullmatch(word))


def is_nothing_but_a_code(text: str) -> bool:
    """The code alone or M-Pesa's message, not a sentence with a code in it: that may be the answer to a question."""
    typed = plain(text)
    return bool(MESSAGE.match(typed)) or bool(codes_in(text) and len(typed.split()) == 1)


def sum_in(text: str) -> Money | None:
    """The first sum in M-Pesa's message, which is what was paid."""
    match = SUM_IN_MESSAGE.search(plain(text))
    if match is None:
        return None
    try:
        return typed_amounts.read(match[1])
    except NotAnAmount:
        return None


def plain(text: str) -> str:
    """Copied messages carry marks that nobody sees."""
    seen = (char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return "".join(seen)
