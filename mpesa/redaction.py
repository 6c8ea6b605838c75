"""What of a message from M-Pesa may be stored: a queue timeout can bring our own request back, credential and all."""

import re

import msgspec

from mpesa import bodies
from mpesa.callbacks import NotJson

SECRET_NAME = re.compile(r"password|passkey|credential|^resulturl$|^queuetimeouturl$")  # the URLs carry our tokens
CREDENTIAL = re.compile(r"[A-Za-z0-9+/=\\]{300,}")  # under whatever name, also inside JSON that was put into a string

# Numbers stay as they were written, to the last digit.
VERBATIM = msgspec.json.Decoder(object, float_hook=lambda number: msgspec.Raw(number.encode()))
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
            return {key: cleaned(inner) for key, inner in value.items() if not hidden(key, value)}
        case list():
            return [cleaned(inner) for inner in value]
        case str():
            return CREDENTIAL.sub("…", value)
    return value


def hidden(key: str, holder: bodies.Fields) -> bool:
    """By its own name, or as the Value beside a Key that bears such a name."""
    if key == "Value":
        return any(is_secret(name) for name in (holder.get("Key"), holder.get("Name")) if isinstance(name, str))
    return is_secret(key)


def is_secret(name: str) -> bool:
    return SECRET_NAME.search("".join(char for char in name.lower() if char.isalnum())) is not None
