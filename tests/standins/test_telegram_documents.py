"""People attach files, and the bot fetches them."""

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest

from standins.driver import NotPossible, Standins

MOSES = 1001
SHEET = b"phone,amount\n254722000111,1500\n"


async def test_a_document_arrives_with_its_caption_and_command(bot: Bot, standins: Standins) -> None:
    sent = await standins.document(MOSES, "payouts.csv", SHEET, "/bulk 3")
    [update] = await bot.get_updates()
    message = update.message
    assert message
    assert message.document
    assert update.update_id == sent.update_id
    assert (message.document.file_name, message.document.mime_type) == ("payouts.csv", "text/csv")
    assert (message.text, message.caption, message.document.file_size) == (None, "/bulk 3", len(SHEET))
    assert [(e.type, e.offset, e.length) for e in message.caption_entities] == [("bot_command", 0, 5)]


async def test_the_bot_fetches_a_document_by_its_id(bot: Bot, standins: Standins) -> None:
    await standins.document(MOSES, "payouts.csv", SHEET)
    message = (await bot.get_updates())[0].message
    assert message
    assert message.document
    assert message.caption is None
    file = await bot.get_file(message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == SHEET


async def test_a_document_shows_in_the_chat_and_can_be_downloaded(standins: Standins) -> None:
    await standins.document(MOSES, "payouts.csv", SHEET, "/bulk")
    [shown] = await standins.transcript(MOSES)
    assert shown.document
    assert (shown.sender, shown.text, shown.document.file_name) == ("user", "/bulk", "payouts.csv")
    assert await standins.download(shown.document.url) == SHEET


async def test_a_document_may_be_given_as_text(standins: Standins) -> None:
    body = {"user_id": MOSES, "file_name": "payouts.csv", "content": "phone,amount\n"}
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{standins.url}/control/telegram/document", json=body)
    assert answer.status_code == 200
    [shown] = await standins.transcript(MOSES)
    assert shown.document
    assert await standins.download(shown.document.url) == b"phone,amount\n"


async def test_a_document_needs_a_name_and_content(standins: Standins) -> None:
    for name, content in (("", SHEET), ("payouts.csv", b"")):
        with pytest.raises(NotPossible, match="needs a name"):
            await standins.document(MOSES, name, content)


async def test_a_big_document_arrives_and_one_over_20_mb_cannot_be_fetched(bot: Bot, standins: Standins) -> None:
    for size in (3_000_000, 21_000_000):
        await standins.document(MOSES, "big.csv", b"x" * size)
    small, big = [update.message for update in await bot.get_updates()]
    assert small
    assert small.document
    assert big
    assert big.document
    assert (await bot.get_file(small.document.file_id)).file_size == 3_000_000
    with pytest.raises(BadRequest, match="too big"):
        await bot.get_file(big.document.file_id)
