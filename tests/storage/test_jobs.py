"""The job table: claimed once, in order, lost to nobody, and run again when it was asked for meanwhile."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from sqlalchemy import Connection, select

from storage import jobs, tables
from storage.database import Database
from storage.jobs import Claim, Job
from storage.postgres import PostgresDatabase

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Ask(Job):
    lane: ClassVar = "mpesa"
    number: int


@dataclass(frozen=True)
class Tell(Job):
    lane: ClassVar = "telegram"
    chat: int
    text: str

    @property
    def turn(self) -> str:
        return f"chat:{self.chat}"


async def add(database: Database, *work: Job, at: datetime = NOON) -> None:
    await database.write(lambda conn: jobs.add(conn, work, at))


async def claim(database: Database, now: datetime = NOON, lane: str = "mpesa", limit: int = 10) -> list[Claim]:
    kinds = ["Ask", "Tell"]
    return await database.write(lambda conn: jobs.claim(conn, lane, kinds, now, LEASE, limit))


async def finish(database: Database, claimed: Claim) -> None:
    await database.write(lambda conn: jobs.finish(conn, claimed))


async def postpone(database: Database, claimed: Claim, at: datetime | None) -> None:
    await database.write(lambda conn: jobs.postpone(conn, claimed, at))


async def rows(database: Database) -> Sequence[tuple[datetime | None, int]]:
    def fn(conn: Connection) -> Sequence[tuple[datetime | None, int]]:
        j = tables.jobs.c
        return [(row.run_at, row.attempt) for row in conn.execute(select(j.run_at, j.attempt).order_by(j.id))]

    return await database.read(fn)


def numbers(claims: Sequence[Claim]) -> list[int]:
    return [claimed.payload["number"] for claimed in claims]


def texts(claims: Sequence[Claim]) -> list[str]:
    return [claimed.payload["text"] for claimed in claims]


async def test_the_longest_waiting_are_claimed_first(database: Database) -> None:
    for number, seconds in [(1, 30), (2, 10), (3, 20), (4, -10)]:
        await add(database, Ask(number), at=NOON - seconds * SECOND)
    assert numbers(await claim(database, limit=2)) == [1, 3]
    assert numbers(await claim(database)) == [2]


async def test_what_is_not_due_is_not_claimed(database: Database) -> None:
    await add(database, Ask(1), at=NOON + SECOND)
    assert await claim(database) == []
    assert numbers(await claim(database, NOON + SECOND)) == [1]


async def test_the_same_work_that_waits_is_one_row(database: Database) -> None:
    await add(database, Ask(1), Ask(2), Ask(1))
    await add(database, Ask(1), at=NOON + 5 * SECOND)
    assert await rows(database) == [(NOON, 0), (NOON, 0)]


async def test_the_same_work_may_be_added_again_once_it_was_done(database: Database) -> None:
    await add(database, Ask(1))
    [first] = await claim(database)
    await finish(database, first)
    await add(database, Ask(1))
    assert numbers(await claim(database)) == [1]


async def test_work_that_is_added_while_it_runs_is_not_lost(database: Database) -> None:
    await add(database, Ask(1))
    [running] = await claim(database)
    await add(database, Ask(1), at=NOON + SECOND)
    await finish(database, running)
    assert numbers(await claim(database, NOON + SECOND)) == [1]


async def test_work_that_was_given_up_is_begun_afresh_when_it_is_added_again(database: Database) -> None:
    await add(database, Ask(1))
    [failing] = await claim(database)
    await postpone(database, failing, None)
    await add(database, Ask(1), at=NOON + SECOND)
    assert await rows(database) == [(NOON + SECOND, 0)]


async def test_work_that_is_needed_sooner_runs_sooner_and_never_later(database: Database) -> None:
    await add(database, Ask(1), at=NOON + 60 * SECOND)
    await add(database, Ask(1), at=NOON)
    await add(database, Ask(1), at=NOON + 90 * SECOND)
    assert await rows(database) == [(NOON, 0)]


async def test_a_lease_that_ran_out_gives_the_job_to_another_and_fences_out_the_first(database: Database) -> None:
    await add(database, Ask(1))
    [first] = await claim(database)
    assert await claim(database, NOON + LEASE - SECOND) == []
    [second] = await claim(database, NOON + LEASE)
    assert (first.attempt, second.attempt) == (1, 2)
    await finish(database, first)
    await postpone(database, first, NOON)
    assert await rows(database) == [(NOON + 2 * LEASE, 2)]
    await finish(database, second)
    assert await rows(database) == []


async def test_a_postponed_job_comes_back_with_the_next_attempt(database: Database) -> None:
    await add(database, Ask(1))
    [first] = await claim(database)
    await postpone(database, first, NOON + SECOND)
    [second] = await claim(database, NOON + SECOND)
    assert second.attempt == 2


async def test_of_a_turn_only_the_oldest_runs_and_other_turns_run_beside_it(database: Database) -> None:
    await add(database, Tell(77, "first"), Tell(77, "second"), Tell(88, "other"))
    [first, other] = await claim(database, lane="telegram")
    assert texts([first, other]) == ["first", "other"]
    assert await claim(database, lane="telegram") == []
    await finish(database, first)
    assert texts(await claim(database, lane="telegram")) == ["second"]


async def test_a_postponed_head_holds_back_the_rest_of_its_turn(database: Database) -> None:
    await add(database, Tell(77, "first"), Tell(77, "second"))
    [first] = await claim(database, lane="telegram")
    await postpone(database, first, NOON + 60 * SECOND)
    assert await claim(database, NOON + 59 * SECOND, "telegram") == []
    assert texts(await claim(database, NOON + 60 * SECOND, "telegram")) == ["first"]


async def test_a_head_that_was_given_up_holds_back_nobody(database: Database) -> None:
    await add(database, Tell(77, "first"), Tell(77, "second"))
    [first] = await claim(database, lane="telegram")
    await postpone(database, first, None)
    assert texts(await claim(database, NOON + LEASE, "telegram")) == ["second"]


async def test_lanes_and_kinds_are_kept_apart(database: Database) -> None:
    await add(database, Ask(1), Tell(77, "hello"))
    assert numbers(await claim(database, lane="mpesa")) == [1]
    only_asks = await database.write(lambda conn: jobs.claim(conn, "telegram", ["Ask"], NOON, LEASE, 10))
    assert only_asks == []
    assert texts(await claim(database, lane="telegram")) == ["hello"]


async def test_next_due_names_the_lanes_next_moment_and_forgets_what_was_given_up(database: Database) -> None:
    async def due(lane: str) -> datetime | None:
        return await database.read(lambda conn: jobs.next_due(conn, lane))

    assert await due("mpesa") is None
    await add(database, Ask(1))
    await add(database, Ask(2), at=NOON - SECOND)
    assert (await due("mpesa"), await due("telegram")) == (NOON - SECOND, None)
    for claimed in await claim(database):
        await postpone(database, claimed, None)
    assert await due("mpesa") is None


async def test_adding_and_finishing_wake_who_waits_for_work(database: Database) -> None:
    work = database.next_work()
    await add(database, Ask(1))
    assert work.is_set()
    [claimed] = await claim(database)
    work = database.next_work()
    await finish(database, claimed)
    assert work.is_set()


async def test_claimers_side_by_side_never_get_the_same_job(database: Database) -> None:
    await add(database, *[Ask(n) for n in range(100)])
    hauls = await asyncio.gather(*[claim(database, limit=7) for _ in range(20)])
    claimed = [number for haul in hauls for number in numbers(haul)]
    assert sorted(claimed) == list(range(100))


async def test_a_claimer_passes_over_what_another_is_just_claiming(postgresql: PostgresDatabase) -> None:
    await add(postgresql, Ask(1), Ask(2))
    async with postgresql._engine.begin() as conn:
        first = await conn.run_sync(lambda c: jobs.claim(c, "mpesa", ["Ask"], NOON, LEASE, 1))
        assert numbers(first) == [1]
        assert numbers(await claim(postgresql)) == [2]
    assert await claim(postgresql) == []
