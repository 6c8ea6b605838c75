import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.trustvoice.choir import SOON, Choir
from trustvoice.settings.model import NAMES


@pytest.fixture
def nothing_set_and_a_folder_to_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper() in NAMES]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def choir(database: Database) -> AsyncIterator[Choir]:
    choir = Choir(database)
    yield choir
    choir.curtain.set()
    await choir.worker.finish(SOON)
