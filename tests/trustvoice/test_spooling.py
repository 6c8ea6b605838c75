"""What the database cannot take is kept, answered, and stored later: once, in order, as of when it came."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from fundraising.refusals import NotJson
from storage.spool import Spool
from storage.vault import Vault
from tests.fakes import FakeClock, sealed_before
from tests.fundraising.house import SECRET
from trustvoice.running.spooling import LIMITS, Kept, Limits, Ration, Spooling
from webhooks.keys import NotKept

MORNING = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
HURRIED = replace(LIMITS, patience_s=0.05, first_pause_s=0.01, tries=2)
FULL = OperationalError("INSERT", {}, Exception("database or disk is full"))
Came = tuple[str | None, bytes, datetime | None]


@dataclass
class Database:
    """Takes callbacks, or does not."""

    taken: list[Came] = field(default_factory=list)
    fault: Exception | None = None
    refused: bytes = b"nothing that anybody sends"
    asked: int = 0
    works: asyncio.Event = field(default_factory=asyncio.Event)
    took_one: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.works.set()

    async def receive(self, token: str | None, body: bytes, at: datetime | None) -> None:
        self.asked += 1
        await self.works.wait()
        if self.fault:
            raise self.fault
        if body == self.refused:
            raise IntegrityError("INSERT", {}, Exception("a fault of ours"))
        self.taken.append((token, body, at))
        self.took_one.set()

    async def can_store(self) -> bool:
        return self.works.is_set() and self.fault is None

    def bodies(self) -> list[bytes]:
        return [body for _, body, _ in self.taken]


@pytest.fixture
def database() -> Database:
    return Database()


def spooling_into(folder: Path, database: Database, secret: str = SECRET, limits: Limits = HURRIED) -> Spooling:
    return Spooling(
        {"stk": database.receive},
        Spool(folder),
        Vault(secret),
        FakeClock(),
        database.can_store,
        limits,
    )


@pytest.fixture
async def spooling(tmp_path: Path, database: Database) -> AsyncIterator[Spooling]:
    spooling = spooling_into(tmp_path / "spool", database)
    yield spooling
    await spooling.close()


def files(spooling: Spooling) -> list[bytes]:
    return [path.read_bytes() for path in spooling._spool.folder.glob("*.spool")]


async def test_while_the_database_works_nothing_is_spooled(spooling: Spooling, database: Database) -> None:
    await spooling.take("stk", "token", b"{}")
    assert (database.bodies(), files(spooling)) == ([b"{}"], [])


async def test_what_it_cannot_take_is_stored_later_in_order_and_as_of_when_it_came(
    spooling: Spooling, database: Database
) -> None:
    database.fault = FULL
    for n in range(5):
        await spooling.take("stk", f"token {n}", b"%d" % n)
    asked = database.asked
    assert asked == 1  # once it is known to be away, nobody waits for it
    assert not await spooling.drain()
    back_at, database.fault = spooling._now(), None
    assert await spooling.drain()
    assert [token for token, _, _ in database.taken] == [f"token {n}" for n in range(5)]
    came = [at for _, _, at in database.taken if at]
    assert came == sorted(came)
    assert came[-1] < back_at
    assert files(spooling) == []


async def test_what_cannot_be_set_aside_keeps_nothing_behind_it_from_the_database(
    spooling: Spooling, database: Database
) -> None:
    database.fault = FULL
    for n in range(4):
        await spooling.take("stk", f"token {n}", b"%d" % n)
        if n == 2:
            batch = await spooling._spool.take()
            assert batch
            await spooling._spool.give_back(batch)  # the next goes into another file
    database.fault, database.refused = None, b"1"
    spooling._aside._most_bytes = 0
    assert await spooling.drain()
    assert database.bodies() == [b"0", b"2", b"3"]
    [kept] = files(spooling)
    database.refused = b"nothing"
    assert await spooling.drain()
    assert b"1" in database.bodies()
    assert (kept != b"", files(spooling)) == (True, [])


async def test_what_is_spooled_can_be_read_by_nobody_else(spooling: Spooling, database: Database) -> None:
    database.fault = FULL
    await spooling.take("stk", "secret-token", b'{"phone": 254708374149}')
    [text] = files(spooling)
    assert b"secret-token" not in text
    assert b"254708374149" not in text


async def test_a_database_that_hangs_is_not_waited_for(spooling: Spooling, database: Database) -> None:
    database.works.clear()
    async with asyncio.timeout(5):
        await spooling.take("stk", "token", b"1")
        await spooling.take("stk", "token", b"2")
    assert database.asked == 1
    database.works.set()
    assert await spooling.drain()
    assert database.bodies()[-2:] == [b"1", b"2"]


async def test_by_itself_it_stores_what_was_spooled_as_soon_as_the_database_is_back(
    spooling: Spooling, database: Database
) -> None:
    loop = asyncio.create_task(spooling.forever())
    database.fault = FULL
    await spooling.take("stk", "token", b"1")
    await asyncio.sleep(0)
    database.fault = None
    async with asyncio.timeout(10):
        await database.took_one.wait()
    loop.cancel()
    assert database.bodies() == [b"1"]
    assert not spooling.database_is_away


async def test_a_drain_that_ends_half_way_repeats_what_it_did_and_loses_nothing(
    spooling: Spooling, database: Database
) -> None:
    database.fault = FULL
    for n in range(3):
        await spooling.take("stk", "token", b"%d" % n)
    database.fault, database.refused = None, b"1"
    receive, stopped = database.receive, asyncio.Event()

    async def stop_at_the_second(token: str | None, body: bytes, at: datetime | None) -> None:
        if body == b"1":
            stopped.set()
            await asyncio.Event().wait()
        await receive(token, body, at)

    spooling._receivers = {"stk": stop_at_the_second}
    draining = asyncio.create_task(spooling.drain())
    await stopped.wait()
    draining.cancel()
    await asyncio.gather(draining, return_exceptions=True)
    database.refused = b"nothing"
    spooling._receivers = {"stk": receive}
    assert await spooling.drain()
    assert database.bodies() == [b"0", b"0", b"1", b"2"]


async def test_what_another_process_left_is_stored_at_the_next_start(
    tmp_path: Path, spooling: Spooling, database: Database
) -> None:
    before = spooling_into(tmp_path / "spool", database)
    database.fault = FULL
    await before.take("stk", "token", b"1")
    await before.close()
    database.fault = None
    assert await spooling.drain()
    assert database.bodies() == [b"1"]


async def test_one_that_fails_through_a_fault_of_ours_holds_up_no_other_and_is_not_lost(
    spooling: Spooling, database: Database
) -> None:
    database.refused = b"1"
    for n in range(3):
        await spooling.take("stk", "token", b"%d" % n)
    assert database.bodies() == [b"0", b"2"]
    assert await spooling.drain()
    assert files(spooling) == []
    database.refused = b"nothing"
    assert await spooling.drain()
    assert database.bodies() == [b"0", b"2", b"1"]
    assert spooling._aside.held_bytes() == 0


async def test_what_another_key_sealed_is_set_aside(tmp_path: Path, spooling: Spooling, database: Database) -> None:
    other = spooling_into(tmp_path / "spool", database, secret="another key that sealed the older callbacks")
    database.fault = FULL
    await other.take("stk", "token", b"1")
    await other.close()
    database.fault = None
    assert await spooling.drain()
    assert database.bodies() == []
    assert spooling._aside.held_bytes() > 0


async def test_what_an_older_release_sealed_for_no_place_is_stored(spooling: Spooling, database: Database) -> None:
    kept = msgspec.msgpack.encode(Kept("stk", "token", b"1", MORNING))
    await spooling._spool.append(sealed_before(Vault(SECRET), kept))
    assert await spooling.drain()
    assert database.bodies() == [b"1"]


async def test_the_same_one_failing_again_and_again_while_others_are_stored_is_set_aside(
    spooling: Spooling, database: Database
) -> None:
    async def works() -> bool:
        return True

    database.fault = FULL
    await spooling.take("stk", "token", b"1")
    spooling._can_store = works
    assert [await spooling.drain() for _ in range(2)] == [False, True]
    assert spooling._aside.held_bytes() > 0
    database.fault = None
    assert await spooling.drain()
    assert database.bodies() == [b"1"]


async def test_what_was_set_aside_is_tried_again_though_nothing_new_comes(tmp_path: Path, database: Database) -> None:
    spooling = spooling_into(tmp_path / "spool", database, limits=replace(HURRIED, look_again_s=0.05))
    database.refused = b"1"
    await spooling.take("stk", "token", b"1")
    assert await spooling.drain()
    loop = asyncio.create_task(spooling.forever())
    asked = database.asked
    async with asyncio.timeout(10):
        while database.asked < asked + 2:  # noqa: ASYNC110 what is waited for is a moment
            await asyncio.sleep(0.01)
        database.refused = b"nothing"
        await database.took_one.wait()
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)
    assert database.bodies() == [b"1"]
    await spooling.close()


@pytest.mark.parametrize("body", [b"", b"<html>", b"{"])
async def test_what_is_no_json_is_refused_also_while_the_database_is_away(
    spooling: Spooling, database: Database, body: bytes
) -> None:
    database.fault = FULL
    with pytest.raises(NotJson):
        await spooling.take("stk", "token", body)
    assert files(spooling) == []


async def test_without_a_token_it_is_not_worth_the_room(spooling: Spooling, database: Database) -> None:
    database.fault = FULL
    with pytest.raises(NotKept):
        await spooling.take("stk", None, b"{}")


async def test_a_full_spool_is_said_and_not_promised(tmp_path: Path, database: Database) -> None:
    spooling = spooling_into(tmp_path / "spool", database)
    spooling._spool = Spool(tmp_path / "spool", most_bytes=100)
    database.fault = FULL
    await spooling.take("stk", "token", b"{}")
    with pytest.raises(NotKept):
        await spooling.take("stk", "token", b"{}")
    await spooling.close()


async def test_a_flood_is_rationed(tmp_path: Path, database: Database) -> None:
    rationed = replace(HURRIED, bytes_a_second=0, bytes_at_once=1000)
    spooling = spooling_into(tmp_path / "spool", database, limits=rationed)
    database.fault = FULL
    answers = await asyncio.gather(*[spooling.take("stk", "0" * 64, b"{}") for _ in range(50)], return_exceptions=True)
    kept = sum(answer is None for answer in answers)
    assert 0 < kept < 10
    assert sum(map(len, files(spooling))) < 1200
    await spooling.close()


def test_a_ration_comes_back_with_time_and_is_never_more_than_at_once() -> None:
    now = [0.0]
    ration = Ration(10, 20, lambda: now[0])
    assert [ration.grants(10) for _ in range(3)] == [True, True, False]
    now[0] = 1.0
    assert [ration.grants(10), ration.grants(1)] == [True, False]
    now[0] = 100.0
    assert [ration.grants(20), ration.grants(1)] == [True, False]
