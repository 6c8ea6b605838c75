"""Whether two names are one person's: the one that somebody typed, and the one that M-Pesa knows a number by."""

import re
import unicodedata

TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mister",
        "madam",
        "madame",
        "dr",
        "doc",
        "prof",
        "eng",
        "engineer",
        "rev",
        "reverend",
        "pst",
        "pastor",
        "bishop",
        "fr",
        "father",
        "sr",
        "br",
        "sister",
        "brother",
        "hon",
        "honourable",
        "capt",
        "sgt",
        "sir",
        "adv",
        "ustadh",
        "sheikh",
        "sheik",
        "hajj",
        "hajji",
        "mzee",
        "bw",
        "bwana",
        "bi",
        "bibi",
        "mwalimu",
    ]
)
JOINED = re.compile("['’ʼ`´.]")  # Ng'ang'a and Nganga, J.K. and JK
LONG_ENOUGH = 4  # letters, to forgive one of them: Otieno and Otiena are one name, Ann and Anna need not be


def alike(one: str, other: str) -> bool:
    """Every word of the shorter name stands in the longer one, in whatever order and case, without titles.

    An initial stands for a name that begins with it, and one letter may be wrong; but at least one whole word is the
    same. What has no letters at all is like nothing.
    """
    shorter, longer = sorted((words(one), words(other)), key=len)
    if not shorter:
        return False
    if "".join(shorter) == "".join(longer):
        return True
    left, whole = list(longer), 0
    for word in sorted(shorter, key=len, reverse=True):  # initials take what is left
        found = next((each for fits in (same, near, initial) for each in left if fits(word, each)), None)
        if found is None:
            return False
        left.remove(found)
        whole += not initial(word, found)
    return whole > 0


def words(name: str) -> list[str]:
    """Small letters without accents; titles are left out, unless there is nothing else."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    found = re.findall(r"\w+", JOINED.sub("", plain.casefold()))
    return [word for word in found if word not in TITLES] or found


def same(one: str, other: str) -> bool:
    return one == other


def initial(one: str, other: str) -> bool:
    return 1 in (len(one), len(other)) and one != other and one[0] == other[0]


def near(one: str, other: str) -> bool:
    """One letter is another, missing, or too many, or two neighbours have changed places."""
    if min(len(one), len(other)) < LONG_ENOUGH or abs(len(one) - len(other)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, others_rest = one[at:], other[at:]
    swapped = rest[:2] == others_rest[:2][::-1] and rest[2:] == others_rest[2:]
    return swapped or others_rest[1:] in (rest, rest[1:]) or rest[1:] == others_rest
