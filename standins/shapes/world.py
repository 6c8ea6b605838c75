"""What concerns both services: people, events, faults, deliveries."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

JsonObject = dict[str, object]


class Event(Struct, frozen=True):
    n: int
    kind: str
    at: float
    data: JsonObject


class Person(Struct, frozen=True):
    """Somebody whose chat the page shows; `label` is what the visitor reads above it."""

    user_id: int
    first_name: str
    phone: str
    language_code: str = "en"
    label: str = "Donor"


class Delivered(Struct, frozen=True):
    status: int | None
    error: str = ""
    body: str = ""


class Fault(Struct, forbid_unknown_fields=True):
    """`value`: the HTTP status, the seconds of retry_after, or the seconds of delay."""

    service: Literal["telegram", "daraja"]
    kind: Literal["down", "status", "retry_after", "delay", "lost_reply"]
    method: str | None = None
    value: float | None = None
    times: Annotated[int, Meta(ge=1)] | None = None


def encoded(value: object) -> bytes:
    return msgspec.json.encode(value)
