"""What of a message from M-Pesa may be stored: a queue timeout can bring our own request back, credential and all."""

import re
from collections.abc import Iterator

import msgspec

from mpesa import bodies
from mpesa.callbacks import NotJson

SECRET_NAME = re.compile(r"password|passkey|credential|^resulturl$|^queuetimeouturl$")  # the URLs carry our tokens
CREDENTIAL = re.compile(r"[A-Za-z0-9+/=\\]{300,}")  # under whatever name, also inside JSON that was put into a string

# Numbers stay as they were written, to the last digit.
VERBATIM = bodies.reader(lambda number: msgspec.Raw(number.encode()))
NOTHING = b"{}"


def without_secrets(body: bytes) -> bytes:
    """Raises NotJson. Of JSON too strange to look into, nothing is kept."""
    try:
        return msgspec.json.encode(cleaned(bodies.decode(body, VERBATIM)))
    except bodies.NotJsonText as error:
        raise NotJson("not JSON") from error
    except (bodies.TooStrange, RecursionError):
        return NOTHING


def cleaned(value: object) -> object:
    match value:
        case dict():
            return {storable(key): cleaned(inner) for key, inner in value.items() if not hidden(key, value)}
        case list():
            return [cleaned(inner) for inner in value]
        case str():
            return CREDENTIAL.sub("…", storable(value))
    return value


def storable(text: str) -> str:
    """Half a surrogate pair, as Java leaves of a name that it cuts, is no character."""
    return text.encode(errors="replace").decode()


def hidden(key: str, holder: bodies.Fields) -> bool:
    """By its own name, or as the Value beside a Key that bears such a name."""
    return is_secret(key) or (key == "Value" and any(is_secret(name) for name in texts(holder, "Key", "Name")))


def texts(holder: bodies.Fields, *keys: str) -> Iterator[str]:
    """Also of a key that came twice."""
    for found in map(holder.get, keys):
        yield from (each for each in (found if isinstance(found, list) else [found]) if isinstance(each, str))


def is_secret(name: str) -> bool:
    return SECRET_NAME.search("".join(char for char in name.lower() if char.isalnum())) is not None
