from collections.abc import AsyncIterator

import pytest

from tests.mpesa.daraja import Daraja, daraja_at_hand


@pytest.fixture
async def daraja() -> AsyncIterator[Daraja]:
    async with daraja_at_hand() as at_hand:
        yield at_hand
