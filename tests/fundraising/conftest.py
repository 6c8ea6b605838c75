from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.fundraising.drill import Drill
from tests.fundraising.house import House
from tests.fundraising.treasury import Treasury


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    """After every test the books must hold."""
    house = await House(database).open()
    yield house
    assert await house.use_cases.self_check.problems() == []


@pytest.fixture
async def treasury(house: House) -> Treasury:
    return await Treasury(house).open()


@pytest.fixture
def drill(tmp_path: Path) -> Drill:
    return Drill(tmp_path)
