"""One running house on each database serves all scenarios; each brings its own donor, and leaves the books in order.

The one on SQLite fetches Telegram's updates and logs for people; the one on PostgreSQL is called, and logs JSON.
Treasuries are on SQLite only, unless DATABASES=all.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.databases import ENOUGH, PostgresServer
from tests.e2e.books import assert_books_agree
from tests.e2e.house import House, opened
from tests.e2e.payout_house import PAYING_SOON, Treasury, stored_in, with_roles

SECRET_KEY = "only-for-tests-and-nowhere-else-0123456789"


@pytest_asyncio.fixture(scope="package", loop_scope="package", params=["sqlite", "postgres"])
async def lasting_house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("house")
    extra = {"LOG_FILE": "logs/trustvoice.log"}
    if request.param == "postgres":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        extra |= {"DATABASE_URL": await postgres.fresh(), "SECRET_KEY": SECRET_KEY}
        extra |= {"TELEGRAM_MODE": "webhook", "LOG_FORMAT": "json"}
    async with opened(folder, extra) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="package")
async def house(lasting_house: House) -> AsyncIterator[House]:
    yield lasting_house
    await lasting_house.standins.heal()
    if not lasting_house.is_running:
        await lasting_house.start()
    await assert_books_agree(lasting_house)


@pytest_asyncio.fixture(scope="package", loop_scope="package", params=ENOUGH)
async def lasting_treasury(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Treasury]:
    extra = await stored_in(request.param, request)
    async with opened(tmp_path_factory.mktemp("treasury"), {**PAYING_SOON, **extra}) as house:
        yield await with_roles(house)


@pytest_asyncio.fixture(loop_scope="package")
async def treasury(lasting_treasury: Treasury) -> AsyncIterator[Treasury]:
    """Each scenario pays numbers of its own, freezes nothing, and leaves the books in order."""
    yield lasting_treasury
    await lasting_treasury.standins.heal()
    if not lasting_treasury.house.is_running:
        await lasting_treasury.house.start()
    await lasting_treasury.assert_books_agree()
