from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import respx

from tests.bot.telegram import URL, FakeTelegram
from tests.bot.world import World
from tests.databases import opened


@pytest.fixture
def telegram_kind() -> type[FakeTelegram]:
    return FakeTelegram


@pytest.fixture
def telegram(telegram_kind: type[FakeTelegram]) -> Iterator[FakeTelegram]:
    telegram = telegram_kind()
    with respx.mock(assert_all_called=False) as router:
        router.route(url__regex=URL).mock(side_effect=telegram)
        yield telegram


@pytest.fixture
async def world(tmp_path: Path, telegram: FakeTelegram) -> AsyncIterator[World]:
    """One campaign; after every test the books must hold."""
    async with opened("inline", tmp_path) as database:
        world = World(database, telegram)
        await world.add_campaign()
        await world.app.initialize()
        await world.app.start()
        yield world
        await world.app.stop()
        await world.app.shutdown()
        assert await world.use_cases.self_check.problems() == []
