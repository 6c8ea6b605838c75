"""Methods by which the bot changes or removes what it has sent."""

import time

from standins.shapes import JsonObject
from standins.telegram import keyboards, texts
from standins.telegram.keyboards import InlineKeyboard
from standins.telegram.messages import Message
from standins.telegram.parameters import Parameters
from standins.telegram.refusals import BadRequest
from standins.telegram.sending import chat_of
from standins.telegram.state import Telegram

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def editable(telegram: Telegram, given: Parameters) -> Message:
    message = telegram.message(chat_of(telegram, given), given.integer("message_id"))
    if message is None:
        raise BadRequest("message to edit not found")
    if not message.from_bot or message.had_other_markup:
        raise BadRequest("message can't be edited")
    return message


def inline(given: Parameters) -> InlineKeyboard | None:
    markup = keyboards.read(given.structure("reply_markup"))
    if markup is not None and not isinstance(markup, InlineKeyboard):
        raise BadRequest("inline keyboard expected")
    return markup


def change(
    telegram: Telegram, message: Message, text: str, entities: list[JsonObject], markup: InlineKeyboard | None
) -> object:
    if (message.text, message.entities, message.markup) == (text, entities, markup):
        raise BadRequest(NOT_MODIFIED)
    message.text, message.entities, message.markup = text, entities, markup
    message.edits += 1
    message.edit_date = int(time.time())
    telegram.show("edited", message)
    return telegram.as_json(message)


async def edit_message_text(telegram: Telegram, given: Parameters) -> object:
    message = editable(telegram, given)
    if message.photo or message.document:
        raise BadRequest("there is no text in the message to edit")
    text, entities = texts.message_text(given, "MESSAGE_TOO_LONG")
    return change(telegram, message, text, entities, inline(given))


async def edit_message_caption(telegram: Telegram, given: Parameters) -> object:
    message = editable(telegram, given)
    if not (message.photo or message.document):
        raise BadRequest("there is no caption in the message to edit")
    text, entities = texts.caption(given)
    return change(telegram, message, text, entities, inline(given))


async def edit_message_reply_markup(telegram: Telegram, given: Parameters) -> object:
    message = editable(telegram, given)
    return change(telegram, message, message.text, message.entities, inline(given))


async def delete_message(telegram: Telegram, given: Parameters) -> object:
    chat_id = chat_of(telegram, given)
    message = telegram.message(chat_id, given.integer("message_id"))
    if message is None:
        raise BadRequest("message to delete not found")
    telegram.messages(chat_id).remove(message)
    telegram.events.emit("deleted", chat=chat_id, message_id=message.message_id)
    return True
