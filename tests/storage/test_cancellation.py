"""Who is cancelled around a commit does not know how it ended. What was acknowledged is stored, and nothing twice.

Measured before anything shielded it: of transactions whose caller was cancelled, some are stored and some are not.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore

from storage.batcher import Batcher
from storage.database import Database
from storage.tables import balances, facts
from tests.databases import PostgresServer, opened
from tests.fakes import FakeClock
from tests.trustvoice.choir import SOON, Choir

ROUNDS, TASKS = 4, 50
b = balances.c


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    postgres: PostgresServer | None = request.getfixturevalue("postgres") if request.param == "postgres" else None
    async with opened(request.param, tmp_path, postgres) as database:
        empty = {"account": "a", "currency": "KES", "in_minor": 0, "out_minor": 0}
        await database.write(lambda conn: conn.execute(insert(balances), empty).rowcount)
        yield database


def pay_in(name: str) -> Callable[[Connection], None]:
    """One effect for each name, however often it is asked for."""

    def fn(conn: Connection) -> None:
        first = conn.execute(insert_or_ignore(facts).values(name=name, value="1").on_conflict_do_nothing()).rowcount
        if first:
            conn.execute(update(balances).where(b.account == "a").values(in_minor=b.in_minor + 1))

    return fn


async def in_the_end(database: Database) -> tuple[set[str], int]:
    """The names that are stored and the sum of their effects, when nothing is under way any more."""
    query, total = select(facts.c.name).where(facts.c.name.like("n%")), select(b.in_minor).where(b.account == "a")
    return await database.write(lambda conn: (set(conn.scalars(query)), conn.scalars(total).one()))


async def test_no_acknowledged_write_is_lost_and_none_has_its_effect_twice(database: Database) -> None:
    chance = random.Random(19)
    acknowledged, doubtful = set[str](), set[str]()
    for round_ in range(ROUNDS):
        tasks = {
            name: asyncio.create_task(database.write(pay_in(name)))
            for name in (f"n{round_}:{number}" for number in range(TASKS))
        }
        for task in tasks.values():
            if chance.random() < 0.5:
                asyncio.get_running_loop().call_later(chance.uniform(0, 0.03), task.cancel)
        answers = await asyncio.gather(*tasks.values(), return_exceptions=True)
        for name, answer in zip(tasks, answers, strict=True):
            (acknowledged if answer is None else doubtful).add(name)
            assert answer is None or isinstance(answer, asyncio.CancelledError)
    assert acknowledged
    assert doubtful
    await asyncio.gather(*[database.write(pay_in("other")) for _ in range(20)])  # what was sent before is through
    await settled(database)
    stored, effects = await in_the_end(database)
    assert acknowledged <= stored <= acknowledged | doubtful
    assert effects == len(stored) + 1
    for name in doubtful:  # who does not know asks again
        await database.write(pay_in(name))
    assert await in_the_end(database) == (acknowledged | doubtful, ROUNDS * TASKS + 1)


async def settled(database: Database) -> None:
    """Waits for commits whose callers went away."""
    batcher, under_way = getattr(database, "_batcher", None), getattr(database, "_under_way", ())
    if isinstance(batcher, Batcher):
        await batcher.finish()
    await asyncio.gather(*under_way, return_exceptions=True)


async def test_a_lane_stopped_and_started_at_any_moment_runs_every_job_once(database: Database) -> None:
    chance, choir = random.Random(20), Choir(database, FakeClock())
    songs = [f"song {number}" for number in range(30)]
    for song in songs:
        await choir.add(song)
        lane = asyncio.create_task(choir.worker.forever())
        asyncio.get_running_loop().call_later(chance.uniform(0, 0.01), lane.cancel)
        await asyncio.gather(lane, return_exceptions=True)
    await choir.worker.finish(within=SOON)
    await choir.work()
    assert sorted(choir.sung) == sorted((song, 1) for song in songs)
    assert await choir.waiting() == []
