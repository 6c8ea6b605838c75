"""SIGTERM in the middle of the work, with M-Pesa and Telegram hanging: out within ten seconds, and nothing lost."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import aiohttp
from sqlalchemy import Connection, select

from benchmarks import stock
from fundraising.audit import selfcheck
from fundraising.giving.tasks import AskMpesa
from fundraising.news import Alarm, TellOwners
from fundraising.statuses import DonationStatus
from storage import jobs, open_database
from storage.database import Database
from storage.tables import donations
from storage.vault import Vault
from tests.e2e.house import OWNER, QUICK
from trustvoice.rehearsal.child import LOOPBACK, Rehearsal, rehearse

WAITING = 2_000
CALLERS, PAUSE_S = 4, 0.02
GRANTED_S = 10.0  # by supervisors, before they kill


@dataclass
class Load:
    """M-Pesa's callbacks, a few hundred a second, until nobody listens any more."""

    server: str
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    answered: list[int] = field(default_factory=list)
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        async with aiohttp.ClientSession() as http:
            await asyncio.gather(*[self._call(http) for _ in range(CALLERS)])

    async def _call(self, http: aiohttp.ClientSession) -> None:
        with suppress(aiohttp.ClientError):
            while (n := next(self.numbers)) <= WAITING:
                url = f"{self.server}/webhooks/daraja/{stock.token(n)}"
                async with http.post(url, data=stock.body(n)) as answer:
                    assert answer.status == 200
                    self.answered.append(n)
                if len(self.answered) == 100:
                    self.enough.set()
                await asyncio.sleep(PAUSE_S)


@asynccontextmanager
async def somebody_who_never_answers() -> AsyncIterator[str]:
    """Takes every request and says nothing."""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(4096):
            pass
        writer.close()

    server = await asyncio.start_server(listen, LOOPBACK, 0)
    yield f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_what_was_answered_is_in_the_books_and_the_process_is_out_in_time(tmp_path: Path) -> None:
    async with somebody_who_never_answers() as silence:
        extra = {"MPESA_BASE_URL": silence, "TELEGRAM_API_URL": silence, "ADMIN_TELEGRAM_IDS": str(OWNER)}
        async with rehearse(tmp_path, QUICK, extra) as rehearsal:
            database = open_database(rehearsal.environment["DATABASE_URL"])
            await furnish(database)
            vault = Vault((rehearsal.folder / "secret.key").read_text().strip())
            load = Load(rehearsal.server)
            calling = asyncio.create_task(load.run())
            await asyncio.wait_for(load.enough.wait(), 20)
            assert await stopped(rehearsal) == 0
            await calling
            missing = await database.read(lambda conn: set(load.answered) - completed(conn))
            assert missing == set()
            assert await database.read(lambda conn: selfcheck.problems(conn, vault)) == []
            assert len(load.answered) > 100  # it was called, and answered, while it stopped
            await database.close()


async def furnish(database: Database) -> None:
    await stock.open_campaign(database)
    await stock.add_pending(database, range(1, WAITING + 1))
    await database.write(stage_what_hangs)


def stage_what_hangs(conn: Connection) -> None:
    asked = [AskMpesa(number) for number in range(WAITING - 5, WAITING)]
    jobs.add(conn, [*asked, TellOwners(Alarm.NO_WORD, 1)], datetime.now(UTC))


def completed(conn: Connection) -> set[int]:
    return set(conn.scalars(select(donations.c.id).where(donations.c.status == DonationStatus.COMPLETED)))


async def stopped(rehearsal: Rehearsal) -> int:
    """The exit code, when it came in time."""
    assert rehearsal.process
    rehearsal.process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(GRANTED_S):
        return await rehearsal.process.wait()
