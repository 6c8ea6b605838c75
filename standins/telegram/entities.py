"""Entities: marked stretches of a text, counted in UTF-16 code units as Telegram counts."""

import re

from standins.shapes import JsonObject

TYPED = re.compile(r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w+)?)|(?P<url>https?://[^\s<>]+)")


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def found_in(text: str) -> list[JsonObject]:
    """What Telegram marks by itself: commands and addresses."""
    return [
        {"type": found.lastgroup, "offset": utf16(text[: found.start()]), "length": utf16(found[0])}
        for found in TYPED.finditer(text)
    ]


def trimmed(text: str, entities: list[JsonObject]) -> tuple[str, list[JsonObject]]:
    """Telegram cuts white space at both ends."""
    cut = utf16(text) - utf16(text.lstrip())
    text = text.strip()
    length = utf16(text)
    kept = []
    for entity in entities:
        start = max(int(str(entity["offset"])) - cut, 0)
        end = min(int(str(entity["offset"])) - cut + int(str(entity["length"])), length)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, kept
