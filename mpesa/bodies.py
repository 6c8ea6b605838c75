"""JSON as Daraja writes it: numbers as numbers or strings, keys missing, in any order. No float is ever made."""

import msgspec

Fields = dict[str, object]

LONGEST_TEXT = 100
LARGEST_NUMBER = 10**32

# A number with a point or an exponent stays the text that it was, to the last digit.
DECODER = msgspec.json.Decoder(object, float_hook=str)


class NotJsonText(ValueError):
    pass


class TooStrange(ValueError):
    """JSON, but nested thousands deep or with numbers of thousands of digits."""


def decode(body: bytes, decoder: msgspec.json.Decoder[object] = DECODER) -> object:
    try:
        return decoder.decode(body)
    except (msgspec.ValidationError, RecursionError) as error:
        raise TooStrange from error
    except ValueError as error:
        raise NotJsonText from error


def fields_of(value: object) -> Fields:
    """The keys of a JSON object; none when it is something else."""
    return value if isinstance(value, dict) else {}


def named_values(holder: object, items: str, name: str) -> Fields:
    """Items come as a list, alone or not at all, in any order, with or without Value; the first value counts."""
    found = holder.get(items) if isinstance(holder, dict) else holder
    values: Fields = {}
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, dict) and isinstance(key := item.get(name), str) and values.get(key) is None:
            values[key] = item.get("Value")
    return values


def text_of(value: object, longest: int = LONGEST_TEXT) -> str:
    """A code, an id, a stamp: short printable ASCII, whether it came as a string or a number; otherwise empty."""
    if isinstance(value, str):
        return value if len(value) <= longest and value.isascii() and value.isprintable() else ""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER:
        return str(value)
    return ""
