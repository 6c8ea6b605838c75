"""Telegram's updates: stored sealed, handled once, one chat in order and chats side by side, forgotten in time."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from storage import tables
from storage.database import Database
from storage.vault import Vault
from tests.databases import opened
from tests.fakes import FakeClock
from trustvoice.running.inbox import INBOX, ClearInbox, HandleUpdate, Inbox, chat_of
from trustvoice.running.worker import Worker

SOON = timedelta(seconds=20)


def message(update_id: int, chat: int = 77, text: str = "habari") -> dict[str, Any]:
    return {"update_id": update_id, "message": {"chat": {"id": chat}, "from": {"id": chat}, "text": text}}


def tap(update_id: int, chat: int = 77) -> dict[str, Any]:
    return {"update_id": update_id, "callback_query": {"from": {"id": chat}, "data": "give:1"}}


@dataclass
class Desk:
    """Reads what arrives; opens the letters of `slow` chats only when it may."""

    database: Database
    clock: FakeClock = field(default_factory=FakeClock)
    read: list[int] = field(default_factory=list)
    slow: frozenset[int] = frozenset()
    failing: set[int] = field(default_factory=set)
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    just_read: asyncio.Queue[int] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        vault = Vault("a secret key that is only used in tests, never elsewhere")
        self.inbox = Inbox(self.database, vault, self.clock)
        self.worker = (
            Worker(self.database, self.clock, INBOX)
            .on(HandleUpdate, self.inbox.handled_by(self.handle))
            .on(ClearInbox, self.inbox.clear)
        )

    async def handle(self, update: dict[str, Any], _received_at: datetime) -> datetime | None:
        if chat_of(update) in self.slow:
            await self.may_go_on.wait()
        if update["update_id"] in self.failing:
            raise LookupError("not understood")
        self.read.append(update["update_id"])
        self.just_read.put_nowait(update["update_id"])
        return None

    async def work(self) -> None:
        while await self.worker.start_due():
            await self.worker.finish(SOON)

    async def kept(self) -> int:
        query = select(func.count()).select_from(tables.telegram_updates)
        return await self.database.read(lambda conn: conn.scalar(query) or 0)


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    desk = Desk(database)
    yield desk
    desk.may_go_on.set()
    await desk.worker.finish(SOON)


async def test_an_update_comes_back_as_it_was_sent_with_the_moment_it_arrived(desk: Desk) -> None:
    await desk.inbox.store([message(5, text="Wanjikũ 🌍")])
    update, received_at = await desk.inbox.load(5)
    assert update == message(5, text="Wanjikũ 🌍")
    assert timedelta() < desk.clock() - received_at < timedelta(seconds=1)


async def test_a_repeated_update_is_handled_once(desk: Desk) -> None:
    await desk.inbox.store([message(5), message(5)])
    await asyncio.gather(*[desk.inbox.store([message(5)]) for _ in range(5)])
    await desk.work()
    assert desk.read == [5]


async def test_an_update_that_is_repeated_after_it_was_handled_is_not_handled_again(desk: Desk) -> None:
    await desk.inbox.store([message(5)])
    await desk.work()
    desk.clock.forward(days=1)
    await desk.inbox.store([message(5), message(6)])
    await desk.work()
    assert desk.read == [5, 6]


async def test_one_chat_is_answered_in_the_order_in_which_it_wrote(desk: Desk) -> None:
    await desk.inbox.store([message(11), tap(12), message(13)])
    await desk.inbox.store([tap(9)])  # after a quiet week Telegram's next number is a random one
    await desk.work()
    assert desk.read == [11, 12, 13, 9]


async def test_chats_run_side_by_side_and_a_slow_one_holds_up_only_itself(desk: Desk) -> None:
    desk.slow = frozenset({77})
    await desk.inbox.store([message(1, 77), message(2, 77), message(3, 88), message(4, 88)])
    running = asyncio.create_task(desk.work())
    assert await asyncio.wait_for(desk.just_read.get(), 20) == 3
    desk.may_go_on.set()
    await running
    assert sorted(desk.read) == [1, 2, 3, 4]
    assert desk.read.index(1) < desk.read.index(2)


async def test_a_message_that_fails_is_tried_again_before_the_next_of_its_chat(desk: Desk) -> None:
    desk.failing = {1}
    await desk.inbox.store([message(1, 77), message(2, 77), message(3, 88)])
    await desk.work()
    assert desk.read == [3]
    desk.failing.clear()
    desk.clock.forward(seconds=3)
    await desk.work()
    assert desk.read == [3, 1, 2]


async def test_what_people_wrote_cannot_be_read_in_the_file(tmp_path: Path) -> None:
    async with opened("sqlite", tmp_path) as database:
        await Desk(database).inbox.store([message(5, text="nothing for strangers' eyes")])
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"telegram_updates" in on_disk
    assert b"strangers" not in on_disk


async def test_after_seven_days_updates_are_forgotten_and_no_sooner(desk: Desk) -> None:
    await desk.inbox.store([message(1)])
    await desk.inbox.clear_daily()
    desk.clock.forward(days=1)
    await desk.inbox.store([message(2)])
    for _ in range(6):
        await desk.work()
        assert await desk.kept() == 2
        desk.clock.forward(days=1)
    await desk.work()
    assert await desk.kept() == 1
    desk.clock.forward(days=1)
    await desk.work()
    assert await desk.kept() == 0


async def test_clearing_is_one_job_however_often_the_program_starts(desk: Desk) -> None:
    for _ in range(3):
        await desk.inbox.clear_daily()
    query = select(func.count()).select_from(tables.jobs)
    assert await desk.database.read(lambda conn: conn.scalar(query)) == 1


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        (message(1, 77), 77),
        (tap(1, 88), 88),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 99}}}, 99),
        ({"update_id": 1, "poll": {}}, 0),
    ],
)
def test_whose_turn_an_update_is(update: dict[str, Any], chat: int) -> None:
    assert chat_of(update) == chat
