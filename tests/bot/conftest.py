from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import respx

from fundraising.paying.requests import PayingSettings
from tests.bot.office import Office
from tests.bot.telegram import FILES, URL, FakeTelegram
from tests.bot.world import OWNER, World
from tests.databases import opened
from tests.fakes import PAYING


@pytest.fixture
def telegram_kind() -> type[FakeTelegram]:
    return FakeTelegram


@pytest.fixture
def telegram(telegram_kind: type[FakeTelegram]) -> Iterator[FakeTelegram]:
    telegram = telegram_kind()
    with respx.mock(assert_all_called=False) as router:
        router.route(url__regex=URL).mock(side_effect=telegram)
        router.route(url__startswith=FILES).mock(side_effect=telegram.download)
        yield telegram


@pytest.fixture
def paying() -> PayingSettings:
    return PAYING


@pytest.fixture
async def office(world: World) -> Office:
    return await Office(world).open()


@pytest.fixture
async def world(tmp_path: Path, telegram: FakeTelegram, paying: PayingSettings) -> AsyncIterator[World]:
    """One campaign; after every test the books must hold."""
    async with opened("inline", tmp_path) as database:
        world = World(database, telegram, paying)
        await world.add_campaign()
        await world.use_cases.staff.name_first_owners((OWNER,))
        await world.app.initialize()
        await world.app.start()
        yield world
        await world.app.stop()
        await world.app.shutdown()
        assert await world.use_cases.self_check.problems() == []
