"""Keyboards: inline under a message, or in place of the person's own; Telegram's checks of both."""

from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from standins.telegram.refusals import BadRequest

MAX_DATA_BYTES = 64
MAX_BUTTONS = 100


class CopyText(Struct, frozen=True):
    text: str


class InlineButton(Struct, frozen=True, omit_defaults=True):
    text: str
    callback_data: str | None = None
    url: str | None = None
    copy_text: CopyText | None = None
    switch_inline_query: str | None = None
    switch_inline_query_current_chat: str | None = None
    switch_inline_query_chosen_chat: dict[str, object] | None = None
    web_app: dict[str, object] | None = None
    style: str | None = None

    @property
    def actions(self) -> int:
        given = (self.callback_data or None, self.url, self.copy_text, self.switch_inline_query)
        more = (self.switch_inline_query_current_chat, self.switch_inline_query_chosen_chat, self.web_app)
        return sum(action is not None for action in given + more)


class ReplyButton(Struct, frozen=True, omit_defaults=True):
    text: str
    request_contact: bool = False
    request_location: bool = False
    style: str | None = None


class InlineKeyboard(Struct, frozen=True):
    inline_keyboard: list[list[InlineButton]]


class ReplyKeyboard(Struct, frozen=True):
    keyboard: list[list[ReplyButton]]


class RemoveKeyboard(Struct, frozen=True):
    remove_keyboard: bool


class ForceReply(Struct, frozen=True):
    force_reply: bool


Markup = InlineKeyboard | ReplyKeyboard | RemoveKeyboard | ForceReply
BY_KEY: dict[str, type[Markup]] = {
    "inline_keyboard": InlineKeyboard,
    "keyboard": ReplyKeyboard,
    "remove_keyboard": RemoveKeyboard,
    "force_reply": ForceReply,
}


def read(given: object | None) -> Markup | None:
    if not given:
        return None
    if not isinstance(given, dict):
        raise BadRequest("object expected as reply markup")
    shape = next((shape for key, shape in BY_KEY.items() if key in given), None)
    if shape is None:
        return None
    return checked(converted(given, shape))


def converted(given: object, shape: type[Markup]) -> Markup:
    try:
        return msgspec.convert(given, shape)
    except msgspec.ValidationError as error:
        kind = "inline keyboard" if shape is InlineKeyboard else "keyboard"
        if "text" in str(error):
            raise BadRequest(f'can\'t parse {kind} button: Field "text" must be of type String') from None
        raise BadRequest(f"can't parse {kind} button: {error}") from None


def checked(markup: Markup) -> Markup | None:
    if isinstance(markup, InlineKeyboard):
        rows = [row for row in markup.inline_keyboard if row]
        if sum(map(len, rows)) > MAX_BUTTONS:
            raise BadRequest("REPLY_MARKUP_TOO_LONG")
        for button in (button for row in rows for button in row):
            check_button(button)
        return InlineKeyboard(rows) if rows else None
    return markup


def check_button(button: InlineButton) -> None:
    if not button.text:
        raise BadRequest('can\'t parse inline keyboard button: Field "text" must be of type String')
    if button.actions == 0:
        raise BadRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if button.actions > 1:
        raise BadRequest("BUTTON_TYPE_INVALID")
    if button.callback_data and len(button.callback_data.encode()) > MAX_DATA_BYTES:
        raise BadRequest("BUTTON_DATA_INVALID")
    if button.url is not None:
        check_url(button.url)


def check_url(url: str) -> None:
    """A host without a dot, such as localhost, is refused by Telegram too."""
    address = urlsplit(url if "://" in url else f"http://{url}")
    if address.scheme in ("http", "https") and "." not in (address.hostname or ""):
        raise BadRequest(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if address.scheme not in ("http", "https", "tg", "ton"):
        raise BadRequest(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
