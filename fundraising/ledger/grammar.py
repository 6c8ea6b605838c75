"""How accounts and causes are written: a word, and after colons what it is of. In Python and, for queries, in SQL."""

from sqlalchemy import Column, ColumnElement, Text, cast, literal

Columns = ColumnElement[int] | ColumnElement[str] | Column[int] | Column[int | None] | Column[str]


def written(word: str, *of: int | str) -> str:
    return ":".join((word, *map(str, of)))


def column(word: str, first: Columns, *others: Columns) -> ColumnElement[str]:
    """The same of columns."""
    text = literal(f"{word}:") + cast(first, Text)
    for other in others:
        text = text + literal(":") + cast(other, Text)
    return text


def begins(text: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return text.like(f"{word}:%")
