"""One message, as Telegram's updates and answers show it."""

from dataclasses import dataclass, field

import msgspec

from standins.shapes import Button, FileLink, JsonObject, KeyboardButton, TranscriptMessage
from standins.telegram.files import StoredFile
from standins.telegram.keyboards import InlineKeyboard, Markup, RemoveKeyboard, ReplyKeyboard


@dataclass
class Message:
    message_id: int
    chat_id: int
    from_bot: bool
    date: int
    text: str = ""
    entities: list[JsonObject] = field(default_factory=list)
    markup: Markup | None = None
    photo: StoredFile | None = None
    document: StoredFile | None = None
    contact: JsonObject | None = None
    edits: int = 0
    edit_date: int | None = None
    changed: int = 0

    @property
    def inline(self) -> InlineKeyboard | None:
        return self.markup if isinstance(self.markup, InlineKeyboard) else None

    @property
    def had_other_markup(self) -> bool:
        """Telegram lets nobody edit such a message."""
        return self.markup is not None and self.inline is None

    def content(self) -> JsonObject:
        texts = ("caption", "caption_entities") if self.photo or self.document else ("text", "entities")
        shown: JsonObject = {texts[0]: self.text} if self.text else {}
        if self.entities:
            shown[texts[1]] = self.entities
        if self.photo:
            shown["photo"] = [self.photo.as_photo()]
        if self.document:
            shown["document"] = self.document.as_document()
        if self.contact:
            shown["contact"] = self.contact
        if self.edit_date:
            shown["edit_date"] = self.edit_date
        if self.inline:
            shown["reply_markup"] = msgspec.to_builtins(self.inline)
        return shown

    def as_transcript(self) -> TranscriptMessage:
        return TranscriptMessage(
            message_id=self.message_id,
            sender="bot" if self.from_bot else "user",
            text=self.text,
            entities=self.entities,
            buttons=self._buttons(),
            keyboard=self._keyboard(),
            removes_keyboard=isinstance(self.markup, RemoveKeyboard),
            edits=self.edits,
            date=self.date,
            changed=self.changed,
            photo=link(self.photo),
            document=link(self.document),
            contact=self.contact,
        )

    def _buttons(self) -> list[list[Button]]:
        rows = self.inline.inline_keyboard if self.inline else []
        return [
            [Button(b.text, b.callback_data, b.url, b.copy_text.text if b.copy_text else None, b.style) for b in row]
            for row in rows
        ]

    def _keyboard(self) -> list[list[KeyboardButton]] | None:
        if not isinstance(self.markup, ReplyKeyboard):
            return None
        return [[KeyboardButton(b.text, b.request_contact) for b in row] for row in self.markup.keyboard]


def link(file: StoredFile | None) -> FileLink | None:
    return FileLink(file.file_name, len(file.content), f"/control/telegram/file/{file.file_id}") if file else None
