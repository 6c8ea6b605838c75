"""Free text for Daraja, which documents nothing but its length: only what no gateway on the way can trip over."""

import re
import unicodedata

SPELT_OUT = {"&": " and ", "@": " at ", "%": " percent ", "–": "-", "—": "-", "/": "-", "\u2019": "", "'": ""}
NOT_PLAIN = re.compile(r"[^A-Za-z0-9 .,-]+")
LONGEST = 100


def plain(text: str, instead: str = "") -> str:
    """Letters A–Z, digits, blanks, full stop, comma and hyphen. `instead`: where fewer than two characters are left."""
    spelt = "".join(SPELT_OUT.get(char, char) for char in text)
    letters = "".join(char for char in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(char))
    words = " ".join(NOT_PLAIN.sub(" ", letters).split())[:LONGEST].strip()
    return words if len(words) >= 2 else instead
