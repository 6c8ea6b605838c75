"""The one table of methods."""

from collections.abc import Awaitable, Callable

from standins.telegram import answering, describing, editing, fetching, sending
from standins.telegram.parameters import Parameters
from standins.telegram.state import Telegram

Method = Callable[[Telegram, Parameters], Awaitable[object]]

TABLE: dict[str, Method] = {
    "getMe": describing.get_me,
    "getUpdates": fetching.get_updates,
    "setWebhook": fetching.set_webhook,
    "deleteWebhook": fetching.delete_webhook,
    "getWebhookInfo": fetching.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "answerCallbackQuery": answering.answer_callback_query,
    "getChat": describing.get_chat,
    "getFile": describing.get_file,
    "setMyCommands": describing.set_my_commands,
    "deleteMyCommands": describing.delete_my_commands,
    "getMyCommands": describing.get_my_commands,
    "setMyDescription": describing.set_my_description,
    "getMyDescription": describing.get_my_description,
    "setMyShortDescription": describing.set_my_short_description,
    "getMyShortDescription": describing.get_my_short_description,
    "setMyName": describing.acknowledge,
    "setChatMenuButton": describing.acknowledge,
    "logOut": describing.acknowledge,
    "close": describing.acknowledge,
}

METHODS = {name.lower(): method for name, method in TABLE.items()}
