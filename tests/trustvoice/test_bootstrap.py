"""What the parts are told of each other."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fundraising.lanes import TELEGRAM
from fundraising.news import Alarm, TellOwners
from storage import jobs
from tests.databases import opened
from tests.trustvoice.env_file import KEY, settings
from trustvoice.bootstrap import bootstrap


@pytest.mark.usefixtures("nothing_set_and_a_folder_to_itself")
async def test_with_a_token_that_telegram_refuses_news_wait_instead_of_failing(tmp_path: Path) -> None:
    async with opened("inline", tmp_path) as database:
        program = bootstrap(settings(), KEY, database=database)
        [telling] = [worker for worker in program.workers if worker.lane == TELEGRAM]
        await database.write(lambda conn: jobs.add(conn, [TellOwners(Alarm.SPACE, 1)], datetime.now(UTC)))
        program.telegram.is_refused = True
        assert await telling.start_due() == 0
        program.telegram.is_refused = False
        assert await telling.start_due() == 1
        await telling.finish(telling._sharing.lease)
