from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import respx


@pytest.fixture(autouse=True)
def a_folder_to_itself(nothing_set_and_a_folder_to_itself: None) -> None:
    """Each test writes its own .env."""


@pytest.fixture
def web() -> Iterator[respx.Router]:
    with respx.mock(assert_all_called=False, assert_all_mocked=True) as router:
        yield router


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client
