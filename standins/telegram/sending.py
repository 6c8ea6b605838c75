"""Methods by which the bot sends."""

from standins.telegram import keyboards, texts
from standins.telegram.keyboards import RemoveKeyboard, ReplyKeyboard
from standins.telegram.messages import Message
from standins.telegram.parameters import Parameters
from standins.telegram.refusals import BadRequest
from standins.telegram.state import Telegram

ACTIONS = frozenset({"typing", "upload_photo", "upload_document", "record_voice", "upload_voice", "find_location"})


def chat_of(telegram: Telegram, given: Parameters) -> int:
    chat_id = given.needed("chat_id")
    if not chat_id.removeprefix("-").isdigit():
        raise BadRequest("chat not found")
    return telegram.reachable(int(chat_id)).id


def begun(telegram: Telegram, given: Parameters) -> Message:
    chat_id = chat_of(telegram, given)
    reply = given.structure("reply_parameters")
    wanted = int(reply.get("message_id") or 0) if isinstance(reply, dict) else 0
    if wanted and not telegram.message(chat_id, wanted):
        raise BadRequest("message to be replied not found")
    return telegram.new_message(chat_id, True, keyboards.read(given.structure("reply_markup")))


async def send_message(telegram: Telegram, given: Parameters) -> object:
    message = begun(telegram, given)
    message.text, message.entities = texts.message_text(given, "message is too long")
    return telegram.as_json(telegram.post(message))


async def send_photo(telegram: Telegram, given: Parameters) -> object:
    message = begun(telegram, given)
    message.photo = telegram.files.received("photo", "photos", given)
    message.text, message.entities = texts.caption(given)
    return telegram.as_json(telegram.post(message))


async def send_document(telegram: Telegram, given: Parameters) -> object:
    message = begun(telegram, given)
    message.document = telegram.files.received("document", "documents", given)
    message.text, message.entities = texts.caption(given)
    return telegram.as_json(telegram.post(message))


async def send_chat_action(telegram: Telegram, given: Parameters) -> object:
    chat_id = chat_of(telegram, given)
    action = given.needed("action")
    if action not in ACTIONS:
        raise BadRequest("wrong parameter action in request")
    telegram.events.emit("action", chat=chat_id, action=action)
    return True


def keyboard_now(telegram: Telegram, user_id: int) -> ReplyKeyboard | None:
    """The reply keyboard that the person sees at this moment."""
    for message in reversed(telegram.messages(user_id)):
        if isinstance(message.markup, ReplyKeyboard):
            return message.markup
        if isinstance(message.markup, RemoveKeyboard):
            return None
    return None
