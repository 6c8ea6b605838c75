"""The text of a message: parsed, trimmed, neither empty nor too long."""

from standins.shapes import JsonObject
from standins.telegram import markup
from standins.telegram.entities import found_in, trimmed
from standins.telegram.parameters import Parameters
from standins.telegram.refusals import BadRequest

MAX_TEXT = 4096
MAX_CAPTION = 1024


def formatted(given: Parameters, name: str) -> tuple[str, list[JsonObject]]:
    text = given.text(name) or ""
    mode = given.text("parse_mode") or ""
    if mode and mode.lower() != "html":
        raise BadRequest("unsupported parse_mode")
    if mode:
        text, entities = markup.parse(text)
    else:
        entities = explicit(given.structure("entities" if name == "text" else "caption_entities"))
    text, entities = trimmed(text, entities)
    return text, entities or found_in(text)


def explicit(given: object | None) -> list[JsonObject]:
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(entity, dict) for entity in given):
        raise BadRequest("can't parse entities: expected an Array of Objects")
    return given


def message_text(given: Parameters, too_long: str) -> tuple[str, list[JsonObject]]:
    text, entities = formatted(given, "text")
    if not text:
        raise BadRequest("message text is empty")
    if len(text) > MAX_TEXT:
        raise BadRequest(too_long)
    return text, entities


def caption(given: Parameters) -> tuple[str, list[JsonObject]]:
    text, entities = formatted(given, "caption")
    if len(text) > MAX_CAPTION:
        raise BadRequest("message caption is too long")
    return text, entities
