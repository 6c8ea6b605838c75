"""One rule for every name, title and remark of people: what nobody sees, or turns the line around, is taken out."""

import unicodedata

UNSEEN = {"Cf", "Cc", "Cs", "Co", "Cn"}  # formats (zero width, direction), controls, halves, private, unassigned
BLANK_TO_THE_EYE = "\u115f\u1160\u2800\u3164\uffa0"  # letters by category that show nothing
MOST_MARKS = 2  # on one letter: more of them run over the lines above and below


def tidy(text: str) -> str:
    """In composed letters, with single blanks, without anything unseen. May be empty afterwards."""
    blanks = " ".join(unicodedata.normalize("NFC", text).split())
    return " ".join("".join(seen(blanks)).split())


def seen(text: str) -> list[str]:
    kept: list[str] = []
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if kind not in UNSEEN and char not in BLANK_TO_THE_EYE and marks <= MOST_MARKS:
            kept.append(char)
    return kept


def says_something(text: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return any(char.isalnum() for char in text)
