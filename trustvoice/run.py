"""`trustvoice run`: start and stop, in the order that loses nothing."""

import asyncio
import gc
import logging
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta

from aiohttp import web
from sqlalchemy.exc import DBAPIError

from mpesa.client import DarajaClient
from storage import facts
from trustvoice.bootstrap import Program
from trustvoice.worker import Worker

log = logging.getLogger(__name__)
DRAIN = timedelta(seconds=6)  # of the ten that a supervisor usually grants
LAST_REQUESTS = timedelta(seconds=2)


class CannotListen(Exception):
    """The port is taken, or HOST is no address of this machine."""


class NoDatabase(Exception):
    """It is not there, refuses us, or is none."""


async def run(program: Program) -> None:
    """Until SIGTERM or SIGINT. Raises AlreadyRunning, WrongKey, NoDatabase, CannotListen."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as stack:
        with usable_database():
            program.database.hold()
        await open_storage(program, stack)
        await program.use_cases.staff.name_first_owners(program.settings.admin_telegram_ids)
        await program.inbox.clear_daily()
        stack.push_async_callback(program.telegram.stop)  # after the workers, who still send
        await start_work(program, stack)
        program.telegram.start()  # last: now there is somebody to hand updates to
        collect_garbage_rarely()
        settings = program.settings
        log.info("TrustVoice is ready on http://%s:%s", settings.host, settings.port)
        await stopping.wait()
        log.info("stopping: what was accepted is finished first")


def collect_garbage_rarely() -> None:
    """What is loaded by now stays, and a request's objects go by themselves: looking through them after every 700 new
    ones, as Python does, took a seventh of the time of a callback."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


async def open_storage(program: Program, stack: AsyncExitStack) -> None:
    """Raises NoDatabase, WrongKey."""
    database = program.database
    stack.push_async_callback(database.close)
    with usable_database():
        await database.migrate()
    await database.write(lambda conn: facts.check_key(conn, program.vault))
    if isinstance(program.mpesa, DarajaClient):
        stack.push_async_callback(program.mpesa.aclose)


@contextmanager
def usable_database() -> Iterator[None]:
    """Raises NoDatabase."""
    try:
        yield
    except OSError as error:
        raise NoDatabase(error.strerror or type(error).__name__) from error
    except DBAPIError as error:
        raise NoDatabase(error.orig) from error


async def start_work(program: Program, stack: AsyncExitStack) -> None:
    """Workers and server. The server ends last: M-Pesa does not repeat a callback that found nobody."""
    # Without a log of requests: its lines would contain callback tokens.
    server = web.AppRunner(program.web, access_log=None, shutdown_timeout=LAST_REQUESTS.total_seconds())
    loops = [asyncio.create_task(worker.forever(), name=worker.lane) for worker in program.workers]

    async def stop() -> None:
        await finish_jobs(program.workers, loops)
        await server.cleanup()

    stack.push_async_callback(stop)
    await listen(server, program.settings.host, program.settings.port)


async def listen(server: web.AppRunner, host: str, port: int) -> None:
    """Raises CannotListen."""
    await server.setup()
    try:
        await web.TCPSite(server, host, port).start()
    except OSError as error:
        raise CannotListen(f"HOST {host}, PORT {port}: {error.strerror}") from error


async def finish_jobs(workers: list[Worker], loops: list[asyncio.Task[None]]) -> None:
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    await asyncio.gather(*(worker.finish(DRAIN) for worker in workers))
