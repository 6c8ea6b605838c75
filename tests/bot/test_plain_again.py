"""A message whose formatting Telegram refuses arrives as plain text, and the owners hear of it."""

import pytest

from bot.chat.plain_again import plain
from tests.bot.telegram import BAD_HTML
from tests.bot.world import OWNER, World
from tests.fakes import callback


async def test_an_answer_comes_as_plain_text(world: World) -> None:
    world.telegram.trouble("sendMessage", BAD_HTML)
    await world.say("/start")
    assert world.texts[0].startswith("Karibu! Here you give")
    assert "parse_mode" not in world.telegram.called("sendMessage")[1]
    await world.work()
    assert "Telegram refused how our message to chat 77 was formatted" in world.texts_of(OWNER)[-1]


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_news_come_as_plain_text(world: World, method: str) -> None:
    await world.give()
    world.telegram.trouble(method, BAD_HTML)
    await world.hear(callback())
    assert any("Asante! We received your KES 500 for" in text for text in world.texts)


def test_signs_stand_for_themselves_again() -> None:
    data = {"chat_id": 1, "text": "<b>Maji &amp; Co</b> 3 &lt; 4", "parse_mode": "HTML", "caption": "<i>x</i>"}
    assert plain(data) == {"chat_id": 1, "text": "Maji & Co 3 < 4", "caption": "x"}
