"""What one replica does for all, and what becomes of its work when it stands still."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from storage.batcher import Batcher
from storage.database import Database, writing_only_while
from storage.tables import leases
from tests.databases import any_database
from tests.fakes import FakeClock
from tests.trustvoice.choir import SOON, Choir, Sing
from trustvoice.running.lease import LENGTH, Lease, Sole
from trustvoice.running.worker import LEASE, Sharing, Worker

SHORT = timedelta(seconds=0.4)


@asynccontextmanager
async def asked_for(database: Database, now: Callable[[], datetime], length: timedelta) -> AsyncIterator[Lease]:
    lease = Lease(database, "telegram", now, length)
    await lease.begin()
    yield lease
    await lease.end()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 what is waited for is a moment
            await asyncio.sleep(0.01)


def wall() -> datetime:
    return datetime.now(UTC)


async def test_one_holds_it_for_as_long_as_it_lives_and_hands_it_on_when_it_stops(database: Database) -> None:
    async with asked_for(database, wall, SHORT) as second:
        assert second.is_held()
        async with asked_for(database, wall, SHORT) as third:
            later = wall() + 2 * SHORT
            await until(lambda: wall() > later or not second.is_held())
            assert (second.is_held(), third.is_held()) == (True, False)
            await second.end()
            assert not second.is_held()
            await until(third.is_held)


async def test_one_that_stood_still_knows_that_it_is_over_before_another_can_have_it(database: Database) -> None:
    clock = FakeClock()
    async with asked_for(database, clock, LENGTH) as lease:
        ends = await database.read(lambda conn: conn.scalars(select(leases.c.until)).one())
        clock.moment = ends - timedelta(milliseconds=1)
        assert not await taken_by_another(database, clock)
        clock.moment = ends
        assert not lease.is_held()
        clock.forward(milliseconds=1)
        assert await taken_by_another(database, clock)


async def taken_by_another(database: Database, clock: FakeClock) -> bool:
    async with asked_for(database, clock, LENGTH) as other:
        return other.is_held()


async def test_while_the_database_is_away_it_ends_and_then_it_comes_back(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with asked_for(database, wall, SHORT) as lease:
        with monkeypatch.context() as patch:
            patch.setattr(database, "write", gone)
            await until(lambda: not lease.is_held())
            await until(lambda: "could not be asked for: ConnectionRefusedError" in caplog.text)
        await until(lease.is_held)
    assert "Traceback" not in caplog.text


async def gone(_fn: Callable[[Connection], Any]) -> None:
    raise ConnectionRefusedError


async def test_a_stop_without_the_database_ends_all_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with asked_for(database, wall, SHORT) as lease:
        with monkeypatch.context() as patch:
            patch.setattr(database, "write", gone)
            await lease.end()
        assert not lease.is_held()


async def test_where_there_is_one_process_all_is_its_own() -> None:
    sole = Sole()
    await sole.begin()
    assert sole.is_held()
    await sole.end()


async def test_who_does_not_hold_it_leaves_its_jobs_to_who_does(choir: Choir) -> None:
    mine = [False]
    sharing = Sharing(may_work=lambda: mine[0])
    choir.worker = Worker(choir.database, choir.clock, "choir", sharing=sharing).on(Sing, choir.sing)
    await choir.add("Malaika")
    await choir.work()
    assert choir.sung == []
    mine[0] = True
    await choir.work()
    assert choir.sung == [("Malaika", 1)]


async def test_a_job_is_taken_up_after_as_long_as_is_set(choir: Choir) -> None:
    sharing = Sharing(lease=timedelta(seconds=5))
    choir.worker = Worker(choir.database, choir.clock, "choir", sharing=sharing).on(Sing, choir.sing)
    choir.waits_for_the_curtain = frozenset({"Malaika"})
    await choir.add("Malaika")
    await choir.worker.start_due()
    choir.clock.forward(seconds=4)
    assert await choir.worker.start_due() == 0
    choir.clock.forward(seconds=1)
    assert await choir.worker.start_due() == 1


async def test_what_a_job_would_write_after_its_lease_is_not_written(choir: Choir) -> None:
    """It is another process's by then, which may have gone on with what comes after it."""
    choir.waits_for_the_curtain = frozenset({"Malaika"})
    sing, written = choir.sing, []

    async def sing_and_write(job: Any, attempt: int) -> None:
        await sing(job, attempt)
        await choir.database.write(lambda _conn: written.append(attempt))

    choir.worker = Worker(choir.database, choir.clock, "choir").on(Sing, sing_and_write)
    await choir.add("Malaika")
    await choir.worker.start_due()
    await choir.until(lambda: choir.on_stage == 1)
    choir.clock.forward(seconds=LEASE.total_seconds())
    choir.curtain.set()
    await choir.worker.finish(SOON)
    assert (choir.sung, written) == ([("Malaika", 1)], [])
    await choir.work()
    assert written == [2]


async def test_a_job_that_outlives_its_lease_is_broken_off(choir: Choir, caplog: pytest.LogCaptureFixture) -> None:
    sharing = Sharing(lease=timedelta(seconds=0.2))
    choir.worker = Worker(choir.database, choir.clock, "choir", sharing=sharing).on(Sing, choir.sing)
    choir.waits_for_the_curtain = frozenset({"Malaika"})
    await choir.add("Malaika")
    await choir.worker.start_due()
    await choir.worker.finish(SOON)
    assert choir.sung == [("Malaika", 1)]
    assert "outlived its lease" in caplog.text
    assert [attempt for _, attempt in await choir.waiting()] == [1]


async def test_a_batch_that_a_job_began_is_stored_for_the_others_though_its_lease_is_over(database: Database) -> None:
    """A job's evidence and M-Pesa's callbacks go into the books together."""
    is_held, stored = True, list[str]()
    began, go_on = asyncio.Event(), asyncio.Event()

    async def store(items: list[str]) -> list[None]:
        began.set()
        await go_on.wait()
        await database.write(lambda _conn: stored.extend(items))
        return [None] * len(items)

    batcher = Batcher[str, None](store)

    async def job() -> None:
        with writing_only_while(lambda: is_held):
            await batcher.send("an answer to the job")

    running = asyncio.create_task(job())
    await began.wait()
    callback = asyncio.create_task(batcher.send("a callback"))
    is_held = False
    go_on.set()
    await asyncio.gather(running, callback)
    assert stored == ["an answer to the job", "a callback"]


def stand_still_after_writing(
    patch: pytest.MonkeyPatch, database: Database, clock: FakeClock, how_long: timedelta
) -> None:
    write = database.write

    async def write_and_stand_still(fn: Callable[[Connection], Any]) -> Any:
        answer = await write(fn)
        clock.forward(seconds=how_long.total_seconds())
        return answer

    patch.setattr(database, "write", write_and_stand_still)


@any_database
async def test_it_is_believed_in_for_no_longer_than_the_others_do_when_the_answer_was_slow(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()
    stand_still_after_writing(monkeypatch, database, clock, LENGTH / 3)
    async with asked_for(database, clock, LENGTH) as lease:
        assert lease.is_held()
        clock.moment = await database.read(lambda conn: conn.scalars(select(leases.c.until)).one())
        assert not lease.is_held()


@any_database
async def test_a_job_whose_lease_was_over_before_it_could_begin_is_not_begun(
    choir: Choir, monkeypatch: pytest.MonkeyPatch
) -> None:
    await choir.add("Malaika")
    with monkeypatch.context() as patch:
        stand_still_after_writing(patch, choir.database, choir.clock, LEASE)
        assert await choir.worker.start_due() == 1
    await choir.worker.finish(SOON)
    assert choir.sung == []
    await choir.work()
    assert choir.sung == [("Malaika", 2)]
