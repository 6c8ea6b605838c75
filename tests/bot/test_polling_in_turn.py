"""Several replicas that fetch from Telegram: only the one whose turn it is."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.chat import patience, polling
from bot.chat.lifecycle import TelegramSide
from tests.bot.telegram import CONFLICT
from tests.bot.test_lifecycle import Line, idle, nothing, telegram_kind, until
from tests.bot.world import World

__all__ = ["idle", "telegram_kind"]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "OUR_TURN_S", 0)


def side(world: World, may_poll: Callable[[], bool], store: Any = nothing) -> TelegramSide:
    return TelegramSide(world.app, "polling", "https://give.example/webhooks/telegram", "secret", store, may_poll)


async def test_who_waits_for_its_turn_is_ready_and_fetches_nothing(idle: World, telegram: Line) -> None:
    turn = [False]
    waiting = side(idle, lambda: turn[0])
    waiting.start()
    await until(lambda: telegram.called("setMyCommands"))
    assert waiting.takes_part
    assert telegram.called("deleteWebhook") == telegram.called("getUpdates") == []
    turn[0] = True
    await until(lambda: telegram.offsets == [None, 43])
    await waiting.stop()


async def test_whose_turn_is_over_fetches_no_more_and_begins_anew_when_it_comes_again(
    idle: World, telegram: Line
) -> None:
    turn = [True]

    async def over(_bodies: list[dict[str, Any]]) -> None:
        turn[0] = False

    polling_side = side(idle, lambda: turn[0], over)
    telegram.batches *= 2
    polling_side.start()
    await until(lambda: not turn[0])
    for _ in range(20):
        await asyncio.sleep(0)
    assert telegram.offsets == [None]
    turn[0] = True
    await until(lambda: len(telegram.offsets) == 2)
    assert telegram.offsets == [None, None]
    await polling_side.stop()


async def test_who_is_refused_because_another_fetches_does_not_fight_for_it(
    idle: World, telegram: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PAUSES_S", (0.0,))
    telegram.trouble("getUpdates", CONFLICT)
    refused = side(idle, lambda: not telegram.offsets)
    refused.start()
    await until(lambda: telegram.offsets)
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(telegram.offsets) == 1
    assert refused.takes_part
    await refused.stop()
