"""An e-mail as text and as HTML, made of the same sentences."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

from letters.language import Language

MARKUP = re.compile(r"</?(?:b|code)>")
STYLE = "margin:0 auto;max-width:36em;padding:1.5em;font:16px/1.5 system-ui,sans-serif;color:#1c2b23;background:#fff"
NAME_STYLE = "padding:.2em 1.5em .2em 0;color:#5b6b62;text-align:left;vertical-align:top;font-weight:normal"
SMALL = "margin-top:2em;font-size:13px;color:#5b6b62"

Facts = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str  # one line of plain text
    text: str
    html: str


def letter(_: Language, subject: str, paragraphs: Sequence[str], facts: Facts, why: str) -> Letter:
    """Everything is HTML as a Language gives it, values escaped. `why`: the reader gets this."""
    return Letter(one_line(plain(subject)), as_text(paragraphs, facts, why), as_html(_, paragraphs, facts, why))


def as_text(paragraphs: Sequence[str], facts: Facts, why: str) -> str:
    listed = ["\n".join(f"{plain(name)}: {plain(value)}" for name, value in facts)] if facts else []
    return "\n\n".join([*map(plain, paragraphs), *listed, f"-- \n{plain(why)}"]) + "\n"


def as_html(_: Language, paragraphs: Sequence[str], facts: Facts, why: str) -> str:
    told = "".join(f"<p>{lines(each)}</p>\n" for each in paragraphs)
    rows = "".join(f'<tr><th style="{NAME_STYLE}">{name}</th><td>{lines(value)}</td></tr>\n' for name, value in facts)
    table = f"<table>\n{rows}</table>\n" if facts else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(_.code)}">\n<head><meta charset="utf-8"></head>\n'
        f'<body style="{STYLE}">\n{told}{table}<p style="{SMALL}">{lines(why)}</p>\n</body>\n</html>\n'
    )


def shown(value: object) -> str:
    return escape(str(value), quote=False)


def code(text: str) -> str:
    return f"<code>{shown(text)}</code>"


def lines(html: str) -> str:
    return html.replace("\n", "<br>\n")


def plain(html: str) -> str:
    return unescape(MARKUP.sub("", html))


def one_line(text: str) -> str:
    """What would end a header ends no header."""
    return " ".join(text.split())
