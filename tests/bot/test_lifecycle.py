"""Starting beside a Telegram that may be away, fetching without losing, stopping at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from bot.chat import patience
from bot.chat.lifecycle import TelegramSide
from tests.bot.telegram import CONFLICT, CUT_OFF, NO_TOKEN, FakeTelegram
from tests.bot.world import CHAT, World, message
from tests.databases import opened

UPDATES = [{"update_id": 41, "message": message(text="one")}, {"update_id": 42, "message": message(text="two")}]


class Line(FakeTelegram):
    """Hands out `batches`, then holds the long poll open."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[dict[str, Any]]] = [UPDATES]
        self.after["getUpdates"] = self._next_batch

    async def _next_batch(self, _params: dict[str, Any]) -> list[dict[str, Any]]:
        if not self.batches:
            await asyncio.Event().wait()
        return self.batches.pop(0)

    @property
    def offsets(self) -> list[int | None]:
        return [params.get("offset") for params in self.called("getUpdates")]


@pytest.fixture
def telegram_kind() -> type[FakeTelegram]:
    return Line


@pytest.fixture
async def idle(tmp_path: Any, telegram: Line, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(patience, "PAUSES_S", (0.0,))
    async with opened("inline", tmp_path) as database:
        yield World(database, telegram)


async def until(holds: Callable[[], object]) -> None:
    """Lets the loop turn until it holds, for five seconds at most."""
    deadline = asyncio.get_running_loop().time() + 5
    while not holds():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0)


def side(world: World, store: Any, mode: Any = "polling") -> TelegramSide:
    return TelegramSide(world.app, mode, "https://give.example/webhooks/telegram", "secret", store)


async def test_updates_are_stored_before_telegram_may_forget_them(idle: World, telegram: Line) -> None:
    stored: list[dict[str, Any]] = []
    asked_when_stored: list[int] = []

    async def store(bodies: list[dict[str, Any]]) -> None:
        asked_when_stored.append(len(telegram.offsets))
        stored.extend(bodies)

    running = side(idle, store)
    running.start()
    await until(lambda: len(telegram.offsets) == 2)
    assert telegram.offsets == [None, 43]
    assert asked_when_stored == [1]
    assert [body["update_id"] for body in stored] == [41, 42]
    assert stored[0]["message"]["chat"]["id"] == CHAT
    assert telegram.called("getUpdates")[0]["allowed_updates"] == ["message", "callback_query", "my_chat_member"]
    await running.stop()


async def test_what_the_bot_is_called_is_told_to_whoever_wants_to_know(idle: World, telegram: Line) -> None:
    known: list[str] = []

    async def note(username: str) -> None:
        known.append(username)

    async def store(_bodies: list[dict[str, Any]]) -> None:
        return

    running = TelegramSide(idle.app, "polling", "https://give.example/webhooks/telegram", "secret", store, named=note)
    running.start()
    await until(lambda: telegram.offsets)
    assert known == [idle.app.bot.username]
    await running.stop()


async def test_while_the_database_is_away_nothing_is_confirmed(idle: World, telegram: Line) -> None:
    faults = [OSError("disk full"), OSError("disk full")]
    stored: list[int] = []

    async def store(bodies: list[dict[str, Any]]) -> None:
        if faults:
            raise faults.pop()
        stored.extend(body["update_id"] for body in bodies)

    running = side(idle, store)
    running.start()
    await until(lambda: stored)
    assert telegram.offsets[:1] == [None]
    assert stored == [41, 42]
    await running.stop()


async def test_telegram_being_away_at_the_start_and_later_stops_nothing(idle: World, telegram: Line) -> None:
    telegram.trouble("getMe", httpx.ConnectError("no route"), CUT_OFF)
    telegram.trouble("setMyCommands", CUT_OFF)
    telegram.trouble("getUpdates", CUT_OFF, CONFLICT)
    stored: list[int] = []

    async def store(bodies: list[dict[str, Any]]) -> None:
        stored.extend(body["update_id"] for body in bodies)

    running = side(idle, store)
    running.start()
    readiness = [running.takes_part]
    await until(lambda: stored == [41, 42])
    readiness.append(running.takes_part)
    await running.stop()
    assert [*readiness, running.takes_part] == [False, True, False]


async def test_another_poller_is_named_with_its_remedy(
    idle: World, telegram: Line, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.trouble("getUpdates", CONFLICT)
    running = side(idle, nothing)
    running.start()
    await until(lambda: len(telegram.offsets) >= 2)
    assert "stop the other program" in caplog.text
    await running.stop()


@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
async def test_a_refused_token_ends_the_trying_with_advice(
    idle: World, telegram: Line, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.trouble(method, NO_TOKEN, NO_TOKEN)
    running = side(idle, nothing)
    running.start()
    await until(lambda: "@BotFather" in caplog.text)
    assert (running.takes_part, running.is_refused) == (False, True)
    assert len(telegram.called(method)) == 1
    assert "Traceback" not in caplog.text
    await running.stop()


async def test_in_webhook_mode_telegram_learns_the_address_and_the_secret(idle: World, telegram: Line) -> None:
    telegram.trouble("setWebhook", CUT_OFF)
    running = side(idle, nothing, "webhook")
    running.start()
    await until(lambda: len(telegram.called("setWebhook")) == 2)
    told = telegram.called("setWebhook")[1]
    assert told["url"] == "https://give.example/webhooks/telegram"
    assert told["secret_token"] == "secret"
    assert told["allowed_updates"] == ["message", "callback_query", "my_chat_member"]
    await until(lambda: running.takes_part)
    assert telegram.called("getUpdates") == []
    await running.stop()


async def test_stopping_does_not_wait_for_the_long_poll(idle: World, telegram: Line) -> None:
    telegram.batches = []
    running = side(idle, nothing)
    running.start()
    await until(lambda: telegram.offsets)
    async with asyncio.timeout(2):
        await running.stop()


async def test_stopping_before_it_ever_started_is_fine(idle: World) -> None:
    await side(idle, nothing).stop()


async def test_the_menu_of_commands_is_for_private_chats(idle: World, telegram: Line) -> None:
    running = side(idle, nothing)
    running.start()
    await until(lambda: telegram.called("setMyCommands"))
    menu = telegram.called("setMyCommands")[0]
    assert menu["scope"] == {"type": "all_private_chats"}
    commands = [each["command"] for each in menu["commands"]]
    assert commands == ["donate", "campaigns", "history", "receipt", "notme", "cancel", "help", "id"]
    await running.stop()


async def nothing(_bodies: list[dict[str, Any]]) -> None:
    return
