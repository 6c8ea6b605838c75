"""Sums in words, as people in Kenya say them: Swahili, English, and the street's soo, thao and ngiri.

Every reading that the words allow is found: `elfu kumi na tano` is 15,000 to one and 10,005 to another.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

Tokens = Sequence[str]
Reading = tuple[Decimal, int]  # what was read, and how many tokens that took
MOST_TOKENS = 12
ONES = {"moja": 1, "mbili": 2, "tatu": 3, "nne": 4, "tano": 5, "sita": 6, "saba": 7, "nane": 8, "tisa": 9}
TENS = {
    "kumi": 10, "ishirini": 20, "thelathini": 30, "arobaini": 40, "arubaini": 40, "hamsini": 50, "sitini": 60,
    "sabini": 70, "themanini": 80, "tisini": 90,
}  # fmt: skip
HUNDRED = ("mia", "soo")
THOUSAND = ("elfu", "alfu", "thao", "ngiri")
LAKH = ("laki",)
SCALES = ((100_000, LAKH), (1_000, THOUSAND), (100, HUNDRED))
TEENS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
ENGLISH_ONES = {word: number for number, word in enumerate(TEENS) if number} | {"a": 1}
ENGLISH_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip

ENGLISH_SCALES = {"thousand": 1_000, "hundred": 100}


def readings(words: Tokens) -> set[Decimal]:
    """None at all for what is no number, and for digits without a word among them."""
    if len(words) > MOST_TOKENS or all(digits_in(word) is not None for word in words):
        return set()
    whole = len(words)
    return {value for grammar in (swahili, english) for value, taken in grammar(words) if taken == whole}


def swahili(words: Tokens) -> Iterator[Reading]:
    """The largest comes first, and what it is multiplied with behind it: `laki moja elfu tano mia mbili na hamsini`."""
    yield from scaled(words, SCALES)


def scaled(words: Tokens, scales: Sequence[tuple[int, tuple[str, ...]]]) -> Iterator[Reading]:
    if not scales:
        yield from below_hundred(words)
        return
    (scale, names), smaller = scales[0], scales[1:]
    yield from scaled(words, smaller)
    for count, taken in counted(words, names, scale):
        value = count * scale
        yield value, taken
        if words[taken : taken + 2] == ["na", "nusu"]:
            yield value + Decimal(scale) / 2, taken + 2
        behind = taken + (words[taken : taken + 1] == ["na"])
        if behind == taken and words[taken : taken + 1] and words[taken] in ONES:
            continue  # `mia tano na mbili`: one to nine are joined with `na`
        for rest, more in scaled(words[behind:], smaller):
            if more:
                yield value + rest, behind + more


def counted(words: Tokens, names: tuple[str, ...], scale: int) -> Iterator[Reading]:
    """`elfu tano`, `elfu 5`, `5 elfu`; `elfu` alone, or before `na`, is one."""
    if not words:
        return
    before = digits_in(words[0])
    if before is not None and words[1:2] and words[1] in names:
        yield before, 2
    if words[0] not in names:
        return
    follows = words[1:2]
    if not follows or follows == ["na"] or (scale == 100 and follows[0] in TENS):
        yield Decimal(1), 1
    if follows and (number := digits_in(follows[0])) is not None:
        yield number, 2
    for number, taken in multipliers(words[1:], scale):
        yield number, 1 + taken


def multipliers(words: Tokens, scale: int) -> Iterator[Reading]:
    """Hundreds are counted by one to nine, thousands by anything below a thousand."""
    if scale == 100:
        if words and words[0] in ONES:
            yield Decimal(ONES[words[0]]), 1
    else:
        yield from ((value, taken) for value, taken in scaled(words, SCALES[2:]) if 0 < value == int(value))


def below_hundred(words: Tokens) -> Iterator[Reading]:
    if not words:
        return
    if words[0] in ONES:
        yield Decimal(ONES[words[0]]), 1
    number = digits_in(words[0])
    if number is not None and 100 <= number < 1_000:  # `elfu 5 na 500`
        yield number, 1
    if words[0] in TENS:
        yield Decimal(TENS[words[0]]), 1
        at = 1 + (words[1:2] == ["na"])
        if words[at : at + 1] and words[at] in ONES:
            yield Decimal(TENS[words[0]] + ONES[words[at]]), at + 1


def english(words: Tokens) -> Iterator[Reading]:
    plain = [word for word in words if word != "and"]
    skipped = len(words) - len(plain)
    for value, taken in english_scaled(plain, ("thousand", "hundred")):
        yield value, taken + skipped


def english_scaled(words: Tokens, names: Tokens) -> Iterator[Reading]:
    """`two thousand five hundred`: before a scale stands how many of it, behind it what is less."""
    if not names:
        yield from english_small(words)
        return
    name, smaller = names[0], names[1:]
    yield from english_scaled(words, smaller)
    counts = [*english_scaled(words, smaller), *([(Decimal(1), 0)] if words[:1] == [name] else [])]
    for count, taken in counts:
        if words[taken : taken + 1] == [name]:
            value, behind = count * ENGLISH_SCALES[name], taken + 1
            yield value, behind
            yield from ((value + rest, behind + more) for rest, more in english_scaled(words[behind:], smaller))


def english_small(words: Tokens) -> Iterator[Reading]:
    if not words:
        return
    number = digits_in(words[0])
    if number is not None and 0 < number < 1_000:
        yield number, 1
    if words[0] in ENGLISH_ONES:
        yield Decimal(ENGLISH_ONES[words[0]]), 1
    if words[0] in ENGLISH_TENS:
        yield Decimal(ENGLISH_TENS[words[0]]), 1
        if words[1:2] and 0 < ENGLISH_ONES.get(words[1], 0) < 10 and words[1] != "a":
            yield Decimal(ENGLISH_TENS[words[0]] + ENGLISH_ONES[words[1]]), 2


def digits_in(word: str) -> Decimal | None:
    try:
        return Decimal(word) if word[0].isdigit() and word.replace(".", "", 1).isdigit() else None
    except InvalidOperation:
        return None
