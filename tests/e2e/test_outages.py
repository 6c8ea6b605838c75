"""M-Pesa, Telegram and the mail server go away, one after the other, under a light load. The others go on; afterwards
everybody has read of every gift. OUTAGE_SECONDS=60 makes each outage a minute long."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.books import assert_books_agree
from tests.e2e.house import PATIENCE_S, opened
from tests.e2e.line import Line
from tests.e2e.load import Load, loaded
from tests.e2e.waiting import until
from tests.trustvoice.postbox import Postbox

pytestmark = pytest.mark.asyncio(loop_scope="module")
OUTAGE_S = float(os.environ.get("OUTAGE_SECONDS", "0.5"))
EVERY_S = 0.4 if OUTAGE_S < 10 else 0.75
CATCHES_UP_S = PATIENCE_S + 2 * OUTAGE_S  # whoever waits for Telegram or a mail server waits up to a minute longer
Act = Callable[[], Awaitable[object]]


@dataclass
class World:
    load: Load
    mpesa: Line
    telegram: Line

    async def without(self, part: str, go: Act, come_back: Act, goes_on: Act) -> None:
        """`goes_on` is done while the part is away."""
        load = self.load
        async with load.lock:  # a push that is cut off may have rung: nobody could tell
            await go()
        away = await load.until(lambda parts: parts[part] == "out of reach", PATIENCE_S)
        assert away["status"] == "ready"
        assert set(away["since"]) == {part}
        await asyncio.gather(goes_on(), asyncio.sleep(OUTAGE_S))
        assert (await load.ready())[part] == "out of reach"
        await come_back()
        await load.until(lambda parts: parts[part] == "ok", CATCHES_UP_S)

    async def a_gift_is_settled(self) -> None:
        gift = await self.load.give()

        async def is_settled() -> bool:
            return await self.load.status(gift) == "completed"

        await until(is_settled, PATIENCE_S)

    async def the_bot_answers(self) -> None:
        donor = next(iter(self.load.chats.values()))
        await donor.says("/help", "Choose a campaign")


@pytest_asyncio.fixture(loop_scope="module")
async def world(tmp_path: Path) -> AsyncIterator[World]:
    box, mpesa, telegram = await Postbox().open(), Line(), Line()
    extra = {
        "MPESA_BASE_URL": f"{mpesa.url}/daraja",
        "TELEGRAM_API_URL": f"{telegram.url}/telegram",
        "SMTP_URL": box.url,
        "MAIL_FROM": "Maji Safi <receipts@example.org>",
        "LOG_FILE": "logs/trustvoice.log",
    }
    async with opened(tmp_path, extra) as house:
        for line in (mpesa, telegram):
            await line.lead_to(house.rehearsal.standins_port)
        gifts = int(3 * (OUTAGE_S + 3) / EVERY_S)
        async with loaded(house, box, gifts) as load:
            yield World(load, mpesa, telegram)
    for line in (mpesa, telegram):
        await line.cut()
    await box.close()


async def test_whatever_goes_away_the_rest_goes_on_and_everybody_reads_of_every_gift(world: World) -> None:
    load = world.load
    await load.until(lambda parts: "since" not in parts, PATIENCE_S)
    giving = asyncio.create_task(load.forever(EVERY_S))
    await world.without("mpesa", world.mpesa.cut, world.mpesa.mend, world.the_bot_answers)
    await world.without("telegram", world.telegram.cut, world.telegram.mend, world.a_gift_is_settled)
    await world.without("mail", load.box.close, load.box.open, world.a_gift_is_settled)
    giving.cancel()
    await asyncio.wait([giving])
    assert giving.cancelled(), giving
    await until(load.all_are_told, CATCHES_UP_S)
    assert {await load.status(gift) for gift in load.gifts} == {"completed"}
    await assert_books_agree(load.house)
