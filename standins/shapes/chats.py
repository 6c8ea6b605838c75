"""A chat as the page and a test see it."""

from typing import Literal

from msgspec import Struct, field

from standins.shapes.world import JsonObject


class Sent(Struct, frozen=True):
    """A person's act: the update it became (None when the bot asked for no such updates), the last event before it."""

    mark: int
    update_id: int | None
    query_id: str | None = None
    url: str | None = None


class Button(Struct, frozen=True, omit_defaults=True):
    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str | None = None


class KeyboardButton(Struct, frozen=True):
    text: str
    request_contact: bool = False


class FileLink(Struct, frozen=True):
    file_name: str
    size: int
    url: str


class TranscriptMessage(Struct, frozen=True):
    """`changed` is the event that showed the message as it now stands."""

    message_id: int
    sender: Literal["bot", "user"] = field(name="from")
    text: str
    entities: list[JsonObject]
    buttons: list[list[Button]]
    keyboard: list[list[KeyboardButton]] | None
    removes_keyboard: bool
    edits: int
    date: int
    changed: int
    photo: FileLink | None = None
    document: FileLink | None = None
    contact: JsonObject | None = None


class QueryAnswer(Struct, frozen=True):
    """What the bot answered to a tap."""

    query_id: str
    data: str
    text: str | None
    show_alert: bool
