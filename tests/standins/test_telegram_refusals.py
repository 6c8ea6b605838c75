"""What Telegram refuses, in its words, as python-telegram-bot's users see it."""

from typing import Any

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardRemove
from telegram.error import BadRequest, Forbidden, InvalidToken

from standins.driver import Standins
from tests.standins.conftest import bot_at

AMINA = 7001


@pytest.fixture
async def bot_in_chat(bot: Bot, standins: Standins) -> Bot:
    await standins.say(AMINA, "/start")
    return bot


def keyboard(**button: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Give", **button)]])


async def test_a_wrong_token_is_unauthorized(standins: Standins) -> None:
    with pytest.raises(InvalidToken):
        await bot_at(standins, "7000000001:WrongWrongWrongWrongWrongWrongWro00").initialize()


async def test_a_person_who_never_wrote_cannot_be_written_to(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(AMINA, "Hello")


async def test_a_person_who_blocked_the_bot_cannot_be_written_to(bot_in_chat: Bot, standins: Standins) -> None:
    await standins.block(AMINA)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot_in_chat.send_message(AMINA, "Hello")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" \n ", "Message text is empty"),
        ("x" * 4097, "Message is too long"),
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a <blink>b</blink>", 'Unsupported start tag "blink" at byte offset 2'),
        ("é <b>x</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
    ],
)
async def test_a_bad_text_is_refused(bot_in_chat: Bot, text: str, words: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot_in_chat.send_message(AMINA, text, parse_mode="HTML")
    assert words.lower() in refused.value.message.lower()


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"callback_data": "x" * 65}, "Button_data_invalid"),
        ({"callback_data": "é" * 33}, "Button_data_invalid"),
        ({"callback_data": ""}, "Text buttons are unallowed in the inline keyboard"),
        ({"url": "http://localhost:8001/c/water"}, "Wrong HTTP URL"),
    ],
)
async def test_a_bad_button_is_refused(bot_in_chat: Bot, button: dict[str, str], words: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot_in_chat.send_message(AMINA, "Give?", reply_markup=keyboard(**button))
    assert words.lower() in refused.value.message.lower()


async def test_sixty_four_bytes_of_data_are_allowed(bot_in_chat: Bot, standins: Standins) -> None:
    await bot_in_chat.send_message(AMINA, "Give?", reply_markup=keyboard(callback_data="x" * 64))
    assert (await standins.transcript(AMINA))[-1].buttons[0][0].data == "x" * 64


async def test_an_edit_that_changes_nothing_is_refused(bot_in_chat: Bot) -> None:
    sent = await bot_in_chat.send_message(AMINA, "<b>Same</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot_in_chat.edit_message_text("<strong>Same</strong>", AMINA, sent.message_id, parse_mode="HTML")


async def test_a_message_that_is_gone_cannot_be_edited_or_deleted(bot_in_chat: Bot) -> None:
    sent = await bot_in_chat.send_message(AMINA, "Soon gone")
    await bot_in_chat.delete_message(AMINA, sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot_in_chat.edit_message_text("Changed", AMINA, sent.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot_in_chat.delete_message(AMINA, sent.message_id)


async def test_the_persons_own_message_cannot_be_edited(bot_in_chat: Bot, standins: Standins) -> None:
    own = (await standins.transcript(AMINA))[0].message_id
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot_in_chat.edit_message_text("Changed", AMINA, own)


async def test_a_message_that_removed_a_keyboard_cannot_be_edited(bot_in_chat: Bot) -> None:
    sent = await bot_in_chat.send_message(AMINA, "Thank you", reply_markup=ReplyKeyboardRemove())
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot_in_chat.edit_message_text("Changed", AMINA, sent.message_id)


async def test_an_unknown_or_twice_answered_query_is_too_old(bot_in_chat: Bot, standins: Standins) -> None:
    await bot_in_chat.send_message(AMINA, "Give?", reply_markup=keyboard(callback_data="give"))
    query = (await standins.tap(AMINA, "Give")).query_id
    assert query
    await bot_in_chat.answer_callback_query(query, "Thank you")
    for each in (query, "1"):
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot_in_chat.answer_callback_query(each)


@pytest.mark.parametrize(
    ("name", "description", "words"),
    [
        ("Donate", "x", "Bot_command_invalid"),
        ("don-ate", "x", "Bot_command_invalid"),
        ("x" * 33, "x", "Bot_command_invalid"),
        ("donate", "", "Command description must be non-empty"),
    ],
)
async def test_a_bad_command_is_refused(bot: Bot, name: str, description: str, words: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.set_my_commands([BotCommand(name, description)])
    assert words.lower() in refused.value.message.lower()


async def test_an_unknown_file_is_refused(bot_in_chat: Bot) -> None:
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot_in_chat.send_document(AMINA, "NOSUCHFILE")
