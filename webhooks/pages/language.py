"""The language that a browser asks for, among those that we have."""

from letters.language import ENGLISH, LANGUAGES, Language, translate

MOST_LOOKED_AT = 20


def preferred(accept_language: str) -> Language:
    """Of a header such as `sw-KE,sw;q=0.9,en;q=0.8`; English where it names none of ours."""
    wishes = [wish(part) for part in accept_language.split(",")[:MOST_LOOKED_AT]]
    known = [(quality, tag) for quality, tag in wishes if quality > 0 and base(tag) in LANGUAGES]
    return translate(max(known, key=lambda wish: wish[0], default=(0, ENGLISH))[1])


def wish(part: str) -> tuple[float, str]:
    tag, _, parameter = part.partition(";")
    name, _, value = parameter.strip().partition("=")
    return quality(value) if name.strip().lower() == "q" else 1.0, tag.strip()


def quality(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0


def base(tag: str) -> str:
    return tag.lower().split("-")[0]
