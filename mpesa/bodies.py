"""JSON as Daraja writes it: numbers as numbers or strings, keys missing, in any order. No float is ever made.

And as it looks after a gateway or proxy has been at it: in another charset, with a byte order mark, broken characters,
keys that come twice, commas too many. What M-Pesa says is never thrown away for its form.
"""

import codecs
import json
import re
from collections.abc import Callable

Fields = dict[str, object]
Number = Callable[[str], object]

LONGEST_TEXT = 100
LARGEST_NUMBER = 10**32
LONGEST_NUMBER = 400  # characters
DIGITS_OF_AN_INT = 18  # what is longer is an id, not a quantity
CONTRADICTED: list[object] = []  # no text, no number
AROUND = " \t\r\n\0\ufeff"  # blanks, padding, a byte order mark that was put before another
# A string, a comma before a closing bracket, or anything else between the signs of the grammar.
PIECE = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|,(?=\s*[}\]])|[^\s,:{}\[\]"']+""", re.DOTALL)
PLAIN = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


class NotJsonText(ValueError):
    pass


class TooStrange(ValueError):
    """JSON, but nested thousands deep or with numbers of thousands of digits."""


def reader(number: Number) -> json.JSONDecoder:
    """`number`: what becomes of one with a point or an exponent, which comes as the text that it was."""
    return json.JSONDecoder(
        object_pairs_hook=gathered,
        parse_int=lambda text: int(text) if len(text) <= DIGITS_OF_AN_INT else number(bounded(text)),
        parse_float=lambda text: number(bounded(text)),
        parse_constant=str,  # NaN and Infinity stay words
        strict=False,  # control characters inside strings
    )


def decode(body: bytes, reader: json.JSONDecoder | None = None) -> object:
    """A key that comes twice with different values holds the list of them: no code or amount is read from that.

    Raises NotJsonText, TooStrange.
    """
    try:
        return read(text_of_body(body), reader or READER)
    except RecursionError as error:
        raise TooStrange from error


def read(text: str, reader: json.JSONDecoder) -> object:
    try:
        found = reader.decode(text)
    except json.JSONDecodeError:
        found = mended(text, reader)
    if isinstance(found, str) and found.lstrip().startswith("{"):  # JSON that was put into a string
        return mended(found, reader)
    return found


def mended(text: str, reader: json.JSONDecoder) -> object:
    """With commas too many, single quotes, names without quotes. A word by itself is no JSON."""
    if not text.lstrip().startswith(("{", "[")):
        raise NotJsonText
    try:
        return reader.decode(PIECE.sub(in_json, text))
    except json.JSONDecodeError as error:
        raise NotJsonText from error


def in_json(piece: re.Match[str]) -> str:
    text = piece[0]
    if text == ",":
        return ""
    if text.startswith("'"):
        return json.dumps(re.sub(r"\\(.)", r"\1", text[1:-1]))
    return text if text.startswith('"') or PLAIN.fullmatch(text) else json.dumps(text)


def text_of_body(body: bytes) -> str:
    """In the encoding that its first bytes betray; a byte that does not belong there is read as Windows would."""
    return body.decode(json.detect_encoding(body), "as_windows_would").strip(AROUND)


def as_windows_would(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError), "it only ever decodes"
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("as_windows_would", as_windows_would)


def gathered(pairs: list[tuple[str, object]]) -> Fields:
    found: Fields = dict(pairs)
    if len(found) < len(pairs):
        heard: dict[str, list[object]] = {}
        for key, value in pairs:
            heard.setdefault(key, []).append(value)
        found = {key: values[0] if values.count(values[0]) == len(values) else values for key, values in heard.items()}
    return found


def bounded(number: str) -> str:
    if len(number) > LONGEST_NUMBER:
        raise TooStrange
    return number


READER = reader(str)


def fields_of(value: object) -> Fields:
    """The keys of a JSON object; none when it is something else."""
    return value if isinstance(value, dict) else {}


def named_values(holder: object, items: str, name: str) -> Fields:
    """Items come as a list, alone or not at all, in any order, with or without Value.

    The first value counts, and none where another contradicts it.
    """
    found = holder.get(items) if isinstance(holder, dict) else holder
    values: Fields = {}
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, dict) and isinstance(key := item.get(name), str):
            value = item.get("Value")
            if values.get(key) is None:
                values[key] = value
            elif value not in (None, values[key]):
                values[key] = CONTRADICTED
    return values


def text_of(value: object, longest: int = LONGEST_TEXT) -> str:
    """A code, an id, a stamp: short printable ASCII, whether it came as a string or a number; otherwise empty."""
    if isinstance(value, str):
        return value if len(value) <= longest and value.isascii() and value.isprintable() else ""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER:
        return str(value)
    return ""
