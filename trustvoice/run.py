"""`trustvoice run`: start and stop, in the order that loses nothing."""

import asyncio
import gc
import logging
import os
import signal
import threading
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.chat.lifecycle import TelegramSide
from fundraising.lanes import MPESA
from storage import facts, jobs
from trustvoice.bootstrap import Program
from trustvoice.database.opening import open_storage, usable_database
from trustvoice.running.descriptors import connections_within, take_all_allowed
from trustvoice.running.spooling import Spooling
from trustvoice.running.tunnel import Tunnel
from trustvoice.running.worker import Worker
from webhooks.door import Door, Site
from webhooks.keys import BOOKS

log = logging.getLogger(__name__)
GRANTED = timedelta(seconds=9.5)  # of the ten after which a supervisor usually kills
DRAIN = timedelta(seconds=6)
SPOOL_AT_START = timedelta(seconds=10)
NAME_AN_OWNER = "Run: trustvoice admin add --telegram NUMBER --name NAME --role owner"
LAST_REQUESTS = timedelta(seconds=2)


class CannotListen(Exception):
    """The port is taken, or HOST is no address of this machine."""


async def run(program: Program) -> None:
    """Until SIGTERM or SIGINT. Raises AlreadyRunning, WrongKey, NoDatabase, CannotListen."""
    stopping = asyncio.Event()
    async with AsyncExitStack() as stack:
        catch_signals(stopping, stack)
        with usable_database():
            program.database.hold()
        await open_storage(program, stack)
        await program.use_cases.recovery.at_start()  # before anything is sent
        program.web[BOOKS] = await program.database.read(facts.mark_of_books)
        await begin_afresh(program)
        await name_owners(program)
        await program.inbox.clear_daily()
        await program.use_cases.books_watch.begin()
        await program.use_cases.daily_report.keep_going()
        await empty_spool(program.spooling, stack)  # before anything is sent: it may tell what became of a payout
        stack.push_async_callback(program.speaks_to_telegram.end)  # last: from then on another replica speaks
        stack.push_async_callback(program.telegram.stop)  # after the workers, who still send
        await program.speaks_to_telegram.begin()
        await start_work(program, stack)
        program.telegram.start()  # last: now there is somebody to hand updates to
        if program.tunnel:
            follow_tunnel(program.tunnel, program.telegram, stack)
        collect_garbage_rarely()
        settings = program.settings
        log.info("TrustVoice is ready on http://%s:%s", settings.host, settings.port)
        await stopping.wait()
        log.info("stopping: what was accepted is finished first")


async def begin_afresh(program: Program) -> None:
    """What was given up about M-Pesa, often over a fault of ours: this program may be the one that mends it."""
    count = await program.database.write(lambda conn: jobs.begin_afresh(conn, MPESA, datetime.now(UTC)))
    if count:
        log.info("%s jobs that were given up are begun afresh", count)


async def name_owners(program: Program) -> None:
    staff = program.use_cases.staff
    await staff.name_first_owners(program.settings.admin_telegram_ids)
    if not await staff.owner_chats():
        log.warning("there is no owner: nobody is told what goes wrong, and nobody may name others. %s", NAME_AN_OWNER)


def catch_signals(stopping: asyncio.Event, stack: AsyncExitStack) -> None:
    """From the first one on the process has GRANTED to end, also where the database is locked or hangs."""
    last_resort = threading.Timer(GRANTED.total_seconds(), leave_at_once)
    last_resort.daemon = True
    stack.callback(last_resort.cancel)

    def stop() -> None:
        if not stopping.is_set():
            stopping.set()
            last_resort.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)


def leave_at_once() -> None:
    """As if killed, which loses nothing: what was answered is on the disk. The file is free for who comes next."""
    log.error("not everything could be ended in time, and is left to the next start")
    logging.shutdown()
    os._exit(1)


async def empty_spool(spooling: Spooling, stack: AsyncExitStack) -> None:
    stack.push_async_callback(spooling.close)
    try:
        async with asyncio.timeout(SPOOL_AT_START.total_seconds()):
            await spooling.drain_if_possible()
    except TimeoutError:
        log.warning("there is much in the spool: the rest of it is stored while the server runs")


def follow_tunnel(tunnel: Tunnel, telegram: TelegramSide, stack: AsyncExitStack) -> None:
    following = asyncio.create_task(tunnel.follow(telegram.moved), name="tunnel")
    stack.callback(following.cancel)


def collect_garbage_rarely() -> None:
    """What is loaded by now stays, and a request's objects go by themselves: looking through them after every 700 new
    ones, as Python does, took a seventh of the time of a callback."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


async def start_work(program: Program, stack: AsyncExitStack) -> None:
    """Workers and server. The server ends last: M-Pesa does not repeat a callback that found nobody."""
    door = Door(connections_within(take_all_allowed()))
    server = web.AppRunner(program.web, shutdown_timeout=LAST_REQUESTS.total_seconds())
    loops = [asyncio.create_task(worker.forever(), name=worker.lane) for worker in program.workers]
    watches = [
        asyncio.create_task(program.spooling.forever(), name="spool"),
        asyncio.create_task(program.space_watch.forever(), name="space"),
        asyncio.create_task(door.forever(), name="door"),
    ]
    if program.probe:
        watches.append(asyncio.create_task(program.probe.forever(), name="probe"))

    async def stop() -> None:
        await finish_jobs(program.workers, loops)
        await server.cleanup()
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)

    stack.push_async_callback(stop)
    await listen(server, door, program.settings.host, program.settings.port)


async def listen(server: web.AppRunner, door: Door, host: str, port: int) -> None:
    """Raises CannotListen."""
    server.app.middlewares.insert(0, door.watch)
    await server.setup()
    try:
        await Site(server, door, host, port).start()
    except OSError as error:
        raise CannotListen(f"HOST {host}, PORT {port}: {error.strerror}") from error


async def finish_jobs(workers: list[Worker], loops: list[asyncio.Task[None]]) -> None:
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    await asyncio.gather(*(worker.finish(DRAIN) for worker in workers))
