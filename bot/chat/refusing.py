"""The one place where a refusal becomes an answer in the chat."""

from html import escape

from telegram import Bot, CallbackQuery, Update
from telegram.constants import CallbackQueryLimit

from bot.chat.arriving import arrive
from bot.chat.context import PASSAGE, House
from bot.chat.sending import answer, set_buttons, tapped_message
from fundraising.refusals import DraftGone, Refused
from letters.language import translate
from letters.refusals import sentence


async def tell(bot: Bot, house: House, update: Update, refused: Refused) -> None:
    donor = await arrive(update, house)
    assert donor
    assert donor.chat_id
    text = sentence(translate(donor.language), refused)
    message_id = tapped_message(update)
    if message_id and isinstance(refused, DraftGone):
        await set_buttons(bot, donor.chat_id, message_id)  # else they disappoint again
    shown = fits_a_pop_up(update.callback_query, text) and await answer(update, text)
    if not shown:
        await bot.send_message(donor.chat_id, escape(text, quote=False))


def fits_a_pop_up(query: CallbackQuery | None, text: str) -> bool:
    """A tap can be answered once."""
    if query is None or PASSAGE.get().tap_answered:
        return False
    return len(text) <= CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
