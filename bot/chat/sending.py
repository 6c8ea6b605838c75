"""Showing something in the chat, whatever became of the message that it was meant for.

What is sent again after a lost answer may appear twice: Telegram has no key by which it could tell.
"""

import logging
from dataclasses import replace
from datetime import timedelta

from telegram import Bot, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove, Update
from telegram.error import BadRequest, RetryAfter

from bot.chat.context import PASSAGE, Context

log = logging.getLogger(__name__)
MARGIN = timedelta(milliseconds=100)  # Telegram counts in whole seconds
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
NO_KEYBOARD = ReplyKeyboardRemove()


async def show(update: Update, context: Context, text: str, keyboard: InlineKeyboardMarkup | None = None) -> int:
    """In place of the tapped message; after a typed one, below it. Returns the id of the message that shows it."""
    return await put(context, tapped_message(update), text, keyboard)


async def put(context: Context, message_id: int | None, text: str, keyboard: InlineKeyboardMarkup | None = None) -> int:
    """In place of this message, or as a new one where it is gone or too old to be changed."""
    if message_id and await edit(context.bot, context.chat_id, message_id, text, keyboard):
        return message_id
    return await send(context, text, keyboard)


async def say(context: Context, text: str, keyboard: Markup | None = None) -> None:
    """A new message. NO_KEYBOARD takes the button for sharing a phone number away."""
    await send(context, text, keyboard)
    if keyboard is NO_KEYBOARD and context.donor.asked_to_share:
        await note_share_button(context, shown=False)


async def note_share_button(context: Context, shown: bool) -> None:
    await context.use_cases.donors.ask_to_share(context.donor.id, shown)
    context.donor = replace(context.donor, asked_to_share=shown)


async def send(context: Context, text: str, keyboard: Markup | None) -> int:
    return (await context.bot.send_message(context.chat_id, text, reply_markup=keyboard)).message_id


async def edit(
    bot: Bot, chat_id: int, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None = None
) -> bool:
    """Whether the message shows it now."""
    try:
        await bot.edit_message_text(text, chat_id, message_id, reply_markup=keyboard)
    except BadRequest as error:
        return changes_nothing(error)
    return True


async def set_buttons(bot: Bot, chat_id: int, message_id: int, keyboard: InlineKeyboardMarkup | None = None) -> None:
    try:
        await bot.edit_message_reply_markup(chat_id, message_id, reply_markup=keyboard)
    except BadRequest as error:
        log.debug("buttons left as they are: %s", error)


async def answer(update: Update, text: str | None = None) -> bool:
    """Ends the waiting mark on the tapped button, with a pop-up if there is text. Whether it came in time."""
    assert update.callback_query
    PASSAGE.get().tap_answered = True
    try:
        await update.callback_query.answer(text, show_alert=text is not None)
    except BadRequest as error:  # too old, or answered before
        log.debug("tap not answered: %s", error)
        return False
    return True


def tapped_message(update: Update) -> int | None:
    query = update.callback_query
    return query.message.message_id if query and query.message else None


def changes_nothing(error: BadRequest) -> bool:
    return "not modified" in error.message.lower()


def chat_is_gone(error: BadRequest) -> bool:
    return "chat not found" in error.message.lower()


def pause_of(flood: RetryAfter) -> timedelta:
    wait = flood.retry_after
    return MARGIN + (wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
