"""Telegram's HTML: what it accepts, what it refuses, and the entities it makes of it."""

import html
import re
from dataclasses import dataclass, field

from standins.shapes import JsonObject
from standins.telegram.entities import utf16
from standins.telegram.refusals import BadRequest

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
TAG = re.compile(r"<(/?)([a-zA-Z0-9-]*)((?:\s+[a-zA-Z0-9-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s>]*))?)*)\s*>")
ATTRIBUTE = re.compile(r"([a-zA-Z0-9-]+)=(?:\"([^\"]*)\"|'([^']*)'|([^\s>]*))")
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]+|#x[0-9a-fA-F]+);")


@dataclass
class Parser:
    source: str
    plain: str = ""
    at: int = 0
    open: list[tuple[str, int, JsonObject]] = field(default_factory=list)
    found: list[JsonObject] = field(default_factory=list)

    def run(self) -> tuple[str, list[JsonObject]]:
        while self.at < len(self.source):
            start = self.source.find("<", self.at)
            self._take_text(start if start >= 0 else len(self.source))
            if start >= 0:
                self._take_tag()
        if self.open:
            raise unparsable(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        return self.plain, sorted(self.found, key=lambda entity: (entity["offset"], -int(str(entity["length"]))))

    def _take_text(self, end: int) -> None:
        self.plain += REFERENCE.sub(lambda found: html.unescape(found[0]), self.source[self.at : end])
        self.at = end

    def _take_tag(self) -> None:
        tag = TAG.match(self.source, self.at)
        if not tag:
            self._refuse_broken_tag()
        assert tag
        name = tag[2].lower()
        if tag[1]:
            self._close(name)
        elif name not in KINDS:
            raise unparsable(f'Unsupported start tag "{name}" at byte offset {self._byte()}')
        else:
            self.open.append((name, utf16(self.plain), self._attributes(name, tag[3])))
        self.at = tag.end()

    def _refuse_broken_tag(self) -> None:
        name = re.match(r"</?([a-zA-Z0-9-]*)", self.source[self.at :])
        assert name
        if name[1].lower() in KINDS:
            raise unparsable(f"Unclosed start tag at byte offset {self._byte()}")
        raise unparsable(f'Unsupported start tag "{name[1]}" at byte offset {self._byte()}')

    def _close(self, name: str) -> None:
        if not self.open:
            raise unparsable(f"Unexpected end tag at byte offset {self._byte()}")
        expected, offset, extra = self.open.pop()
        if name and name != expected:
            raise unparsable(
                f'Unmatched end tag at byte offset {self._byte()}, expected "</{expected}>", found "</{name}>"'
            )
        length = utf16(self.plain) - offset
        if length and not (expected == "a" and "url" not in extra):
            self.found.append({"type": KINDS[expected], "offset": offset, "length": length, **extra})

    def _attributes(self, name: str, source: str) -> JsonObject:
        given = {found[1].lower(): found[2] or found[3] or found[4] or "" for found in ATTRIBUTE.finditer(source)}
        if name == "a" and given.get("href"):
            return {"url": html.unescape(given["href"])}
        if name == "span" and given.get("class") != "tg-spoiler":
            raise unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte()}')
        if name == "tg-emoji":
            return {"custom_emoji_id": given.get("emoji-id", "")}
        return {}

    def _byte(self) -> int:
        return len(self.source[: self.at].encode())


def unparsable(words: str) -> BadRequest:
    return BadRequest(f"can't parse entities: {words}")


def parse(source: str) -> tuple[str, list[JsonObject]]:
    return Parser(source).run()
