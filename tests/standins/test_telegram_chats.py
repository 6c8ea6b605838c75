"""What the bot does shows in the chat; what people do reaches the bot."""

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest

from standins.driver import NotPossible, Standins
from tests.standins.conftest import QUICK

AMINA, BARAKA = 7001, 7002
GIVE = InlineKeyboardMarkup(
    [[InlineKeyboardButton("KES 100", callback_data="a:100"), InlineKeyboardButton("KES 500", callback_data="a:500")]]
)


@pytest.fixture
async def bot_in_chat(bot: Bot, standins: Standins) -> Bot:
    await standins.say(AMINA, "/start c_water")
    await bot.get_updates()
    return bot


async def test_a_command_arrives_with_its_entity(bot: Bot, standins: Standins) -> None:
    await standins.say(AMINA, "/start c_water")
    message = (await bot.get_updates())[0].message
    assert message
    assert message.from_user
    assert (message.text, message.chat.id, message.from_user.first_name) == ("/start c_water", AMINA, "Amina")
    assert [(e.type, e.offset, e.length) for e in message.entities] == [("bot_command", 0, 6)]


async def test_html_becomes_text_and_entities_counted_in_utf16(bot_in_chat: Bot, standins: Standins) -> None:
    text = '🎉 <b>Asante &amp; <i>karibu</i></b> <a href="https://example.org/?a=1&amp;b=2">more</a>'
    sent = await bot_in_chat.send_message(AMINA, text, parse_mode="HTML")
    assert sent.text == "🎉 Asante & karibu more"
    assert [(e.type, e.offset, e.length, e.url) for e in sent.entities] == [
        ("bold", 3, 15, None),
        ("italic", 12, 6, None),
        ("text_link", 19, 4, "https://example.org/?a=1&b=2"),
    ]
    assert (await standins.transcript(AMINA))[-1].text == sent.text


async def test_a_tap_arrives_with_its_message_and_is_answered(bot_in_chat: Bot, standins: Standins) -> None:
    sent = await bot_in_chat.send_message(AMINA, "How much?", reply_markup=GIVE)
    await standins.tap(AMINA, "KES 500")
    query = (await bot_in_chat.get_updates())[-1].callback_query
    assert query
    assert query.message
    assert (query.data, query.from_user.id, query.message.message_id) == ("a:500", AMINA, sent.message_id)
    await query.answer("KES 500", show_alert=True)
    answer = (await standins.answers(AMINA))[-1]
    assert (answer.data, answer.text, answer.show_alert) == ("a:500", "KES 500", True)


async def test_only_a_button_that_is_there_can_be_tapped(bot_in_chat: Bot, standins: Standins) -> None:
    sent = await bot_in_chat.send_message(AMINA, "How much?", reply_markup=GIVE)
    with pytest.raises(NotPossible, match="KES 100"):
        await standins.tap(AMINA, "KES 1000")
    await bot_in_chat.edit_message_text("Thank you", AMINA, sent.message_id)
    with pytest.raises(NotPossible):
        await standins.tap(AMINA, "KES 500")


async def test_a_label_may_be_given_by_its_beginning(bot_in_chat: Bot, standins: Standins) -> None:
    await bot_in_chat.send_message(AMINA, "How much?", reply_markup=GIVE)
    await standins.tap(AMINA, "KES 1")
    query = (await bot_in_chat.get_updates())[-1].callback_query
    assert query
    assert query.data == "a:100"


async def test_the_same_tap_again_is_a_new_update_even_after_the_buttons_are_gone(
    bot_in_chat: Bot, standins: Standins
) -> None:
    sent = await bot_in_chat.send_message(AMINA, "How much?", reply_markup=GIVE)
    first = await standins.tap(AMINA, "a:500")
    await bot_in_chat.edit_message_reply_markup(AMINA, sent.message_id, reply_markup=None)
    again = await standins.tap_again(AMINA)
    assert first.update_id
    assert again.update_id == first.update_id + 1
    updates = await bot_in_chat.get_updates()
    assert [u.callback_query.data for u in updates[-2:] if u.callback_query] == ["a:500", "a:500"]


async def test_a_reply_keyboard_sends_text_or_the_persons_contact(bot_in_chat: Bot, standins: Standins) -> None:
    markup = ReplyKeyboardMarkup([[KeyboardButton("Share my number", request_contact=True)], ["Cancel"]])
    await bot_in_chat.send_message(AMINA, "Your number?", reply_markup=markup)
    await standins.tap(AMINA, "Cancel")
    await standins.tap(AMINA, "Share my number")
    said, shared = [update.message for update in await bot_in_chat.get_updates()][-2:]
    assert said
    assert shared
    assert said.text == "Cancel"
    assert shared.contact
    assert (shared.contact.phone_number, shared.contact.user_id) == ("254708374149", AMINA)
    await bot_in_chat.send_message(AMINA, "Thank you", reply_markup=ReplyKeyboardRemove())
    with pytest.raises(NotPossible):
        await standins.tap(AMINA, "Cancel")


async def test_a_foreign_contact_carries_another_user(bot_in_chat: Bot, standins: Standins) -> None:
    await standins.contact(AMINA, own=False, phone="+254711000000")
    message = (await bot_in_chat.get_updates())[-1].message
    assert message
    assert message.contact
    assert message.contact.phone_number == "+254711000000"
    assert message.contact.user_id != AMINA


async def test_blocking_and_unblocking_are_told_to_the_bot(bot_in_chat: Bot, standins: Standins) -> None:
    await standins.block(AMINA)
    with pytest.raises(NotPossible, match="blocked"):
        await standins.say(AMINA, "hello?")
    await standins.unblock(AMINA)
    changes = [update.my_chat_member for update in await bot_in_chat.get_updates() if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]


async def test_documents_and_photos_keep_their_bytes(bot_in_chat: Bot, standins: Standins) -> None:
    sent = await bot_in_chat.send_document(AMINA, b"%PDF-1.7 receipt", filename="receipt.pdf", caption="Your receipt")
    assert sent.document
    again = await bot_in_chat.send_document(AMINA, sent.document.file_id)
    await bot_in_chat.send_photo(AMINA, b"\x89PNG", filename="qr.png")
    document, _, photo = (await standins.transcript(AMINA))[-3:]
    assert document.document
    assert (document.text, document.document.file_name) == ("Your receipt", "receipt.pdf")
    assert await standins.download(document.document.url) == b"%PDF-1.7 receipt"
    assert photo.photo
    assert await standins.download(photo.photo.url) == b"\x89PNG"
    assert again.document
    fetched = await (await bot_in_chat.get_file(again.document.file_id)).download_as_bytearray()
    assert bytes(fetched) == b"%PDF-1.7 receipt"


async def test_edits_are_counted_and_a_caption_can_be_edited(bot_in_chat: Bot, standins: Standins) -> None:
    sent = await bot_in_chat.send_message(AMINA, "Waiting")
    edited = await bot_in_chat.edit_message_text("Paid", AMINA, sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.edit_date
    shown = (await standins.transcript(AMINA))[-1]
    assert (shown.text, shown.edits) == ("Paid", 1)
    photo = await bot_in_chat.send_photo(AMINA, b"\x89PNG", caption="Old")
    with pytest.raises(BadRequest, match="no text in the message to edit"):
        await bot_in_chat.edit_message_text("New", AMINA, photo.message_id)
    await bot_in_chat.edit_message_caption(AMINA, photo.message_id, caption="New")
    assert (await standins.transcript(AMINA))[-1].text == "New"


async def test_waiting_for_an_edit_ignores_what_was_there_before(bot_in_chat: Bot, standins: Standins) -> None:
    sent = await bot_in_chat.send_message(AMINA, "Paid: no")
    mark = await standins.mark()
    await bot_in_chat.edit_message_text("Paid: yes", AMINA, sent.message_id)
    found = await standins.wait_for_text(AMINA, "paid", since=mark)
    assert found.text == "Paid: yes"
    with pytest.raises(AssertionError, match="Paid: yes"):
        await standins.wait_for_text(AMINA, "paid", timeout_s=0.05, since=await standins.mark())


async def test_the_most_special_command_list_is_shown(bot_in_chat: Bot, standins: Standins) -> None:
    await bot_in_chat.set_my_commands([BotCommand("donate", "Give")])
    await bot_in_chat.set_my_commands([BotCommand("donate", "Changia")], language_code="sw")
    await bot_in_chat.set_my_commands([BotCommand("payout", "Pay")], scope=BotCommandScopeChat(AMINA))
    assert await menu(standins, AMINA) == b'[{"command":"payout","description":"Pay"}]'
    await bot_in_chat.delete_my_commands(scope=BotCommandScopeChat(AMINA))
    assert await menu(standins, AMINA) == b'[{"command":"donate","description":"Give"}]'
    await standins.introduce(BARAKA, language_code="sw")
    assert await menu(standins, BARAKA) == b'[{"command":"donate","description":"Changia"}]'
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot_in_chat.set_my_commands([BotCommand("x", "y")], scope=BotCommandScopeChat(BARAKA))


async def menu(standins: Standins, user_id: int) -> bytes:
    return await standins.download(f"/control/telegram/commands/{user_id}")


async def test_the_bot_describes_itself(bot_in_chat: Bot, standins: Standins) -> None:
    await bot_in_chat.set_my_description("Give with M-Pesa")
    await bot_in_chat.set_my_short_description("Give")
    assert (await bot_in_chat.get_my_description()).description == "Give with M-Pesa"
    assert b'"description":"Give with M-Pesa"' in await standins.download("/control/telegram/bot")
    me = await bot_in_chat.get_me()
    assert (me.username, me.id) == (QUICK.telegram.username, QUICK.telegram.bot_id)
    chat = await bot_in_chat.get_chat(AMINA)
    assert (chat.type, chat.first_name) == ("private", "Amina")


async def test_a_reset_empties_chats_but_numbers_go_on(bot_in_chat: Bot, standins: Standins) -> None:
    before = await standins.say(AMINA, "one")
    await standins.reset()
    assert await standins.transcript(AMINA) == []
    after = await standins.say(AMINA, "two")
    assert before.update_id
    assert after.update_id == before.update_id + 1
