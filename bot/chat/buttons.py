"""A button. Its data is short ASCII (Telegram takes 64 bytes) and names a row; whatever comes back is checked anew."""

from telegram import InlineKeyboardButton


def button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=data)
