"""`trustvoice run`: start and stop, in the order that loses nothing."""

import asyncio
import logging
import signal
from contextlib import AsyncExitStack
from datetime import timedelta

from aiohttp import web

from mpesa.client import DarajaClient
from storage import facts
from trustvoice.bootstrap import Program

log = logging.getLogger(__name__)
DRAIN = timedelta(seconds=8)  # of the ten that a supervisor usually grants


async def run(program: Program) -> None:
    """Until SIGTERM or SIGINT. Raises AlreadyRunning, WrongKey, OSError when the port is taken."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as stack:
        program.database.hold()
        await open_storage(program, stack)
        await program.inbox.clear_daily()
        stack.push_async_callback(program.telegram.stop)  # after the workers, who still send
        await start_workers(program, stack)
        await start_server(program, stack)
        program.telegram.start()  # last: now there is somebody to hand updates to
        settings = program.settings
        log.info("TrustVoice is ready on http://%s:%s", settings.host, settings.port)
        await stopping.wait()
        log.info("stopping: what was accepted is finished first")


async def open_storage(program: Program, stack: AsyncExitStack) -> None:
    database = program.database
    stack.push_async_callback(database.close)
    await database.migrate()
    await database.write(lambda conn: facts.check_key(conn, program.vault))
    if isinstance(program.mpesa, DarajaClient):
        stack.push_async_callback(program.mpesa.aclose)


async def start_server(program: Program, stack: AsyncExitStack) -> None:
    runner = web.AppRunner(program.web, access_log=None)  # its lines would contain callback tokens
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, program.settings.host, program.settings.port).start()


async def start_workers(program: Program, stack: AsyncExitStack) -> None:
    loops = [asyncio.create_task(worker.forever(), name=worker.lane) for worker in program.workers]

    async def stop() -> None:
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        await asyncio.gather(*(worker.finish(DRAIN) for worker in program.workers))

    stack.push_async_callback(stop)
