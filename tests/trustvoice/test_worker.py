"""Jobs run side by side, come back when they fail, and outlive whatever fails around them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage import jobs, tables
from tests.trustvoice.choir import SOON, Choir, Dance, Rehearse
from trustvoice.running.worker import GIVE_UP_AFTER, LEASE, LONGEST_WAIT


@pytest.fixture
async def working(choir: Choir) -> AsyncIterator[Choir]:
    loop = asyncio.create_task(choir.worker.forever())
    yield choir
    assert not loop.done()
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)


async def test_a_job_that_ended_is_gone(choir: Choir) -> None:
    await choir.add("Malaika")
    await choir.work()
    assert (choir.sung, await choir.waiting()) == ([("Malaika", 1)], [])


async def test_slots_run_side_by_side_and_no_more_than_there_are(choir: Choir) -> None:
    choir.waits_for_the_curtain = frozenset("abcdef")
    await choir.add(*"abcdef")
    assert await choir.worker.start_due() == 4
    await choir.until(lambda: choir.on_stage == 4)
    assert await choir.worker.start_due() == 0
    choir.curtain.set()
    await choir.worker.finish(SOON)
    await choir.work()
    assert choir.most_on_stage == 4
    assert sorted(choir.sung) == [(song, 1) for song in "abcdef"]


async def test_what_calls_nobody_has_slots_that_no_slow_call_takes(choir: Choir) -> None:
    rehearsed = asyncio.Event()

    async def rehearse(_job: Rehearse, _attempt: int) -> None:
        rehearsed.set()

    choir.worker.on(Rehearse, rehearse, apart=True)
    choir.waits_for_the_curtain = frozenset("abcdef")
    await choir.add(*"abcdef")
    assert await choir.worker.start_due() == 4
    await choir.until(lambda: choir.on_stage == 4)
    await choir.database.write(lambda conn: jobs.add(conn, [Rehearse()], choir.clock()))
    assert await choir.worker.start_due() == 1
    async with asyncio.timeout(20):
        await rehearsed.wait()
    assert choir.most_on_stage == 4


async def test_a_job_that_takes_long_outlives_the_lease_of_others(choir: Choir) -> None:
    noted: list[str] = []

    async def rehearse(_job: Rehearse, _attempt: int) -> None:
        choir.clock.forward(minutes=40)
        assert await choir.worker.start_due() == 0, "nobody takes it up meanwhile"
        await choir.database.write(lambda _conn: noted.append("written"))

    choir.worker.on(Rehearse, rehearse)
    await choir.database.write(lambda conn: jobs.add(conn, [Rehearse()], choir.clock()))
    await choir.work()
    assert noted[-1:] == ["written"]
    assert await choir.waiting() == []


async def test_a_slow_job_does_not_hold_up_others(working: Choir) -> None:
    working.waits_for_the_curtain = frozenset({"slow"})
    await working.add("slow", *"abcdefgh")
    await working.heard(8)
    assert "slow" not in dict(working.sung)


async def test_work_that_is_committed_while_it_sleeps_wakes_it(working: Choir) -> None:
    await working.add("first")
    await working.heard(1)
    for n in range(20):
        await working.add(f"song {n}")
        await working.heard(n + 2)


async def test_a_job_that_asks_for_another_moment_runs_then_and_not_before(choir: Choir) -> None:
    again = choir.clock() + timedelta(minutes=5)
    choir.behave = lambda _song, attempt: again if attempt == 1 else None
    await choir.add("Malaika")
    await choir.work()
    assert await choir.waiting() == [(again, 1)]
    choir.clock.forward(minutes=5)
    await choir.work()
    assert (choir.sung, await choir.waiting()) == ([("Malaika", 1), ("Malaika", 2)], [])


async def test_a_job_that_fails_comes_back_later_and_later_and_is_given_up_in_the_end(
    choir: Choir, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_song: str, _attempt: int) -> None:
        raise LookupError("forgot the words")

    choir.behave = fail
    await choir.add("Malaika")
    waits = []
    for _ in range(GIVE_UP_AFTER - 1):
        await choir.work()
        [(run_at, _)] = await choir.waiting()
        assert run_at
        waits.append(round((run_at - choir.clock()).total_seconds()))
        choir.clock.moment = run_at
    assert waits == [min(2**n, LONGEST_WAIT.total_seconds()) for n in range(1, GIVE_UP_AFTER)]
    await choir.work()
    assert await choir.waiting() == [(None, GIVE_UP_AFTER)]
    assert "is given up" in caplog.text


async def test_what_was_given_up_is_begun_afresh_in_its_own_lane_only(choir: Choir) -> None:
    def fail(_song: str, _attempt: int) -> None:
        raise LookupError("forgot the words")

    choir.behave = fail
    await choir.add("Malaika")
    for _ in range(GIVE_UP_AFTER):
        await choir.work()
        choir.clock.forward(hours=1)
    assert await choir.waiting() == [(None, GIVE_UP_AFTER)]
    choir.behave = lambda _song, _attempt: None
    assert await choir.database.write(lambda conn: jobs.begin_afresh(conn, "ballet", choir.clock())) == 0
    assert await choir.database.write(lambda conn: jobs.begin_afresh(conn, "choir", choir.clock())) == 1
    await choir.work()
    assert (choir.sung[-1], await choir.waiting()) == (("Malaika", 1), [])


async def test_a_job_that_came_back_many_times_by_itself_is_not_given_up_at_its_first_failure(choir: Choir) -> None:
    def behave(_song: str, attempt: int) -> datetime:
        if attempt == 2 * GIVE_UP_AFTER:
            raise LookupError("forgot the words")
        return choir.clock() + timedelta(hours=1)

    choir.behave = behave
    await choir.add("hourly")
    for _ in range(2 * GIVE_UP_AFTER + 1):
        await choir.work()
        choir.clock.forward(hours=1)
    assert choir.sung[-1] == ("hourly", 2 * GIVE_UP_AFTER + 1)
    [(run_at, _)] = await choir.waiting()
    assert run_at


async def test_failures_are_counted_in_a_row(choir: Choir) -> None:
    def behave(_song: str, attempt: int) -> datetime:
        if attempt % 2:
            raise LookupError("forgot the words")
        return choir.clock()

    choir.behave = behave
    await choir.add("every other time")
    for _ in range(4 * GIVE_UP_AFTER):
        if await choir.worker.start_due():
            await choir.worker.finish(SOON)
        choir.clock.forward(seconds=2)
    assert len(choir.sung) > 2 * GIVE_UP_AFTER


async def test_the_loop_outlives_a_database_that_is_away_for_a_while(
    working: Choir, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = asyncio.Event()

    async def refuse(_fn: Callable[..., Any]) -> None:
        away.set()
        raise OSError("connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(working.database, "read", refuse)
        working.database.wake()
        async with asyncio.timeout(20):
            await away.wait()
    await working.add("still here")
    await working.heard(1)
    assert "could not look for work" in caplog.text


async def test_an_end_that_could_not_be_stored_runs_again_when_the_lease_is_over(
    choir: Choir, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_fn: Callable[..., Any]) -> None:
        raise OSError("disk full")

    await choir.add("Malaika")
    with monkeypatch.context() as patch:
        choir.behave = lambda _song, _attempt: patch.setattr(choir.database, "write", refuse)
        await choir.work()
    choir.behave = lambda _song, _attempt: None
    await choir.work()
    choir.clock.moment += LEASE
    await choir.work()
    assert choir.sung == [("Malaika", 1), ("Malaika", 2)]


async def test_a_stop_while_a_claim_is_committed_leaves_no_job_to_its_lease(
    choir: Choir, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed, go_on = asyncio.Event(), asyncio.Event()
    write = choir.database.write

    async def committed_but_not_answered(fn: Callable[..., Any]) -> Any:
        claims = await write(fn)
        committed.set()
        await go_on.wait()
        return claims

    await choir.add("Malaika")
    with monkeypatch.context() as patch:
        patch.setattr(choir.database, "write", committed_but_not_answered)
        loop = asyncio.create_task(choir.worker.forever())
        await committed.wait()
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
    go_on.set()
    await choir.worker.finish(SOON)
    assert (choir.sung, await choir.waiting()) == ([("Malaika", 1)], [])


async def test_a_payload_of_another_version_is_retried_and_stops_nobody(choir: Choir) -> None:
    row = {"lane": "choir", "kind": "Sing", "payload": '{"tune": "old"}', "attempt": 0, "run_at": choir.clock()}
    await choir.database.write(lambda conn: conn.execute(tables.jobs.insert(), row).rowcount)
    await choir.add("Malaika")
    await choir.work()
    assert choir.sung == [("Malaika", 1)]
    assert [attempt for _, attempt in await choir.waiting()] == [1]


async def test_kinds_without_a_handler_are_left_to_others(choir: Choir) -> None:
    row = {"lane": "choir", "kind": "Whistle", "payload": "{}", "attempt": 0, "run_at": choir.clock()}
    await choir.database.write(lambda conn: conn.execute(tables.jobs.insert(), row).rowcount)
    await choir.work()
    assert [attempt for _, attempt in await choir.waiting()] == [0]


async def test_a_job_of_another_lane_is_refused_at_once(choir: Choir) -> None:
    async def dance(_job: Dance, _attempt: int) -> None:
        return None

    with pytest.raises(ValueError, match="belongs to the lane ballet"):
        choir.worker.on(Dance, dance)
