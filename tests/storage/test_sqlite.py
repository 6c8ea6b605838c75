"""One writer, one commit for all who wait, one process that runs: on a real file, with real neighbours."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, event, insert
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from storage import pragmas
from storage.database import AlreadyRunning
from storage.sqlite import SqliteDatabase
from storage.tables import donations, facts
from tests.storage.rows import another_process, count, put, put_and_fail, said_by, stored

SAFE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000, "trusted_schema": 0}
DANGLING = "INSERT INTO claims (donation_id, code, created_at) VALUES (404, 'TKM1AB2CD3', 0)"


def read_back(conn: Connection) -> dict[str, object]:
    names = [*SAFE, "wal_autocheckpoint", "query_only"]
    return {name: conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}


def url(database: SqliteDatabase) -> str:
    return f"sqlite+aiosqlite:///{database.path}"


def commits(database: SqliteDatabase) -> list[int]:
    """One entry for each commit from now on."""
    seen: list[int] = []
    event.listen(database._writer, "commit", lambda _conn: seen.append(1))
    return seen


async def test_the_writer_is_set_safely_and_checkpoints_only_once_it_holds_the_file(sqlite: SqliteDatabase) -> None:
    assert await sqlite.write(read_back) == SAFE | {"wal_autocheckpoint": 0, "query_only": 0}
    sqlite.hold()
    assert (await sqlite.write(read_back))["wal_autocheckpoint"] == 4000


async def test_every_reader_is_set_safely_and_never_checkpoints(sqlite: SqliteDatabase) -> None:
    found = await asyncio.gather(*[sqlite.read(read_back) for _ in range(3)])
    assert found == [SAFE | {"wal_autocheckpoint": 0, "query_only": 1}] * 3


async def test_readers_cannot_write(sqlite: SqliteDatabase) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        await sqlite.read(put("a"))
    assert await count(sqlite) == 0


def test_a_disk_that_does_not_support_the_safe_settings_is_refused() -> None:
    in_memory = create_engine("sqlite://")
    pragmas.set_pragmas(in_memory, pragmas.WRITER, "BEGIN IMMEDIATE")
    with pytest.raises(pragmas.UnsafeSetting, match="journal_mode"):
        in_memory.connect()


async def test_foreign_keys_are_enforced(sqlite: SqliteDatabase) -> None:
    with pytest.raises(IntegrityError):
        await sqlite.write(lambda conn: conn.execute(insert(donations), {"id": 1}).rowcount)


async def test_a_closure_that_fails_leaves_nothing_while_its_neighbours_commit(sqlite: SqliteDatabase) -> None:
    seen = commits(sqlite)
    answers = await asyncio.gather(
        sqlite.write(put("a")), sqlite.write(put_and_fail("b")), sqlite.write(put("c")), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [type(None), LookupError, type(None)]
    assert await stored(sqlite) == ["a", "c"]
    assert len(seen) == 1


async def test_what_waits_while_one_batch_is_written_is_committed_together(sqlite: SqliteDatabase) -> None:
    seen, first_is_in, go_on = commits(sqlite), threading.Event(), threading.Event()

    def slow(conn: Connection) -> None:
        first_is_in.set()
        assert go_on.wait(20)
        put("slow")(conn)

    first = asyncio.create_task(sqlite.write(slow))
    assert await asyncio.to_thread(first_is_in.wait, 20)
    others = [asyncio.create_task(sqlite.write(put(f"n{n}"))) for n in range(50)]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(first, *others)
    assert len(seen) == 2
    assert await count(sqlite) == 51


async def test_cancelling_the_caller_does_not_cancel_the_commit(sqlite: SqliteDatabase) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(conn: Connection) -> None:
        inside.set()
        assert go_on.wait(20)
        put("a")(conn)

    caller = asyncio.create_task(sqlite.write(slow))
    assert await asyncio.to_thread(inside.wait, 20)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    await sqlite.write(put("b"))
    assert await stored(sqlite) == ["a", "b"]


async def test_closing_finishes_what_was_sent_before(tmp_path: Path) -> None:
    database = SqliteDatabase(f"sqlite+aiosqlite:///{tmp_path}/test.db")
    await database.migrate()
    writes = [asyncio.create_task(database.write(put(f"n{n}"))) for n in range(20)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writes)
    again = SqliteDatabase(f"sqlite+aiosqlite:///{tmp_path}/test.db")
    assert await count(again) == 20
    await again.close()


async def test_two_hundred_writers_at_once_all_land(sqlite: SqliteDatabase) -> None:
    seen = commits(sqlite)
    await asyncio.gather(*[sqlite.write(put(f"n{n}")) for n in range(200)])
    assert await count(sqlite) == 200
    assert len(seen) < 50


@pytest.mark.parametrize("statement", ["ROLLBACK", "RELEASE closure"])
async def test_a_closure_that_breaks_the_transaction_fails_every_caller_and_stores_nothing(
    sqlite: SqliteDatabase, statement: str
) -> None:
    answers = await asyncio.gather(
        sqlite.write(put("a")),
        sqlite.write(lambda conn: conn.exec_driver_sql(statement).close()),
        sqlite.write(put("b")),
        return_exceptions=True,
    )
    assert all(isinstance(answer, DatabaseError) for answer in answers)
    assert await stored(sqlite) == []
    await sqlite.write(put("c"))
    assert await stored(sqlite) == ["c"]


async def test_a_commit_that_fails_is_raised_to_every_caller(sqlite: SqliteDatabase) -> None:
    def violate_at_commit(conn: Connection) -> None:
        conn.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        conn.exec_driver_sql(DANGLING)

    answers = await asyncio.gather(sqlite.write(put("a")), sqlite.write(violate_at_commit), return_exceptions=True)
    assert all(isinstance(answer, IntegrityError) for answer in answers)
    assert await stored(sqlite) == []


async def test_on_a_full_disk_whoever_was_answered_is_stored_and_nobody_else(sqlite: SqliteDatabase) -> None:
    pages = await sqlite.write(lambda conn: conn.exec_driver_sql("PRAGMA page_count").scalar_one())
    await sqlite.write(lambda conn: conn.exec_driver_sql(f"PRAGMA max_page_count={pages + 20}").close())

    def put_much(name: str) -> Callable[[Connection], int]:
        heavy = insert(facts).values(name=name, value="x" * 40_000)
        return lambda conn: conn.execute(heavy).rowcount

    names = [f"n{n}" for n in range(6)]
    answers = await asyncio.gather(*[sqlite.write(put_much(name)) for name in names], return_exceptions=True)
    answered = [name for name, answer in zip(names, answers, strict=True) if answer == 1]
    assert await stored(sqlite) == answered
    assert any(isinstance(answer, OperationalError) for answer in answers)


async def test_two_processes_that_write_the_same_file_at_once_lose_nothing(sqlite: SqliteDatabase) -> None:
    neighbours = [await another_process("write", url(sqlite), prefix, "200") for prefix in "xy"]
    for n in range(200):
        await sqlite.write(put(f"z{n}"))
    assert [await said_by(neighbour) for neighbour in neighbours] == ["written", "written"]
    assert await count(sqlite) == 600
    assert await sqlite.read(lambda conn: conn.exec_driver_sql("PRAGMA integrity_check").scalar()) == "ok"


async def test_only_one_process_runs_on_a_file(sqlite: SqliteDatabase) -> None:
    sqlite.hold()
    assert (await said_by(await another_process("hold", url(sqlite)))).startswith("refused: another process")
    with pytest.raises(AlreadyRunning):
        SqliteDatabase(url(sqlite)).hold()


async def test_a_process_that_ended_lets_the_next_one_run(sqlite: SqliteDatabase) -> None:
    assert await said_by(await another_process("hold", url(sqlite))) == "held"
    sqlite.hold()
