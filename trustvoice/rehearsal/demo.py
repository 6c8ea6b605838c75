"""`trustvoice demo`: everything on this machine, and a page on which one is the donor and holds the phone."""

import asyncio
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TypeVar

from fundraising.money import Money
from fundraising.people.roles import Role
from standins.app import CHECKER, DONOR, MAKER, OWNER, Options
from standins.daraja.options import DarajaOptions
from standins.driver import Standins
from trustvoice.bootstrap import Program, bootstrap
from trustvoice.cli.progress import working
from trustvoice.database.opening import with_storage
from trustvoice.database.secret_key import secret_key
from trustvoice.rehearsal import seed
from trustvoice.rehearsal.child import Rehearsal, rehearse
from trustvoice.rehearsal.seed import Seeded
from trustvoice.settings.loading import given

T = TypeVar("T")
PORTS = (8100, 8001)
IMPATIENT = {  # a visitor does not wait minutes
    "STK_QUERY_SCHEDULE": "10,15,30,60,300",
    "STK_NEGATIVE_GAP": "10",
    "TRY_AGAIN_AFTER": "20",
    "STATUS_QUERY_SCHEDULE": "10,30,60,300",
    "PROMPT_PAUSES": "20",  # whoever plays says no often
    "PROMPTS_TO_STRANGER": "100",
    "STRANGERS_PER_DONOR": "100",
    "PROMPTS_PER_DONOR": "200",
    "PROMPTS_PER_PHONE": "200",
    "ADMIN_TELEGRAM_IDS": str(CHECKER.user_id),
}
OPTIONS = Options(daraja=DarajaOptions(lock_s=20, repeat_s=20, prompt_life_s=40), people=(DONOR, MAKER, CHECKER, OWNER))
CAMPAIGNS = (
    ("Clean water for Turkana", 250_000, "Three boreholes for 1,200 families who walk nine kilometres for water."),
    ("School desks in Kibera", 80_000, "Two hundred pupils sit on the floor. A desk for two costs KES 800."),
)
SLUG = "clean-water-for-turkana"  # of the first
WELCOME = """
TrustVoice is running against stand-ins of Telegram and M-Pesa. No real money moves.

    Open   {page}

You are the donor: press Start, choose a campaign, an amount and a phone, and answer the PIN prompt on the drawn phone.
Then you are the maker: /payout 1 200 0712345678 Akinyi Otieno, and the checker, who approves.
The log is in {log}. Stop with Ctrl+C.
"""


async def demo() -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    with tempfile.TemporaryDirectory(prefix="trustvoice-demo-") as folder:
        async with AsyncExitStack() as stack:
            with working("Starting TrustVoice and its stand-ins"):
                rehearsal = await stack.enter_async_context(rehearse(Path(folder), OPTIONS, IMPATIENT, PORTS))
                await prepare(rehearsal)
                seeded = await furnish_for_programs(rehearsal)
            sys.stdout.write(WELCOME.format(page=rehearsal.page, log=Path(folder) / "run.log"))
            sys.stdout.write(seed.told(rehearsal, seeded, SLUG))
            sys.stdout.flush()
            await stopping.wait()


async def prepare(rehearsal: Rehearsal) -> None:
    """Two campaigns; a donor; a maker, and two owners: the checker is the first."""
    await in_house(rehearsal, furnish)
    async with Standins(rehearsal.page) as standins:
        for person in (MAKER, CHECKER, OWNER):  # a bot may write only to those who have written to it
            sent = await standins.say(person.user_id, "/start")
            await standins.wait_for_text(person.user_id, "", since=sent.mark)


async def furnish(house: Program) -> None:
    for title, goal, story in CAMPAIGNS:
        await house.use_cases.campaigns.add(title, Money.shillings(goal), story)
    await house.use_cases.donors.arrive(DONOR.user_id, DONOR.first_name, DONOR.language_code)
    await house.use_cases.staff.add(MAKER.user_id, MAKER.first_name, Role.MAKER, by=None)
    await house.use_cases.staff.add(OWNER.user_id, OWNER.first_name, Role.OWNER, by=None)


async def furnish_for_programs(rehearsal: Rehearsal) -> Seeded:
    """Keys of the HTTP API, an NGO, and enough money in the first campaign for a payout worth telling of."""
    seeded = await in_house(rehearsal, seed.seed)
    await seed.give(rehearsal, seeded)
    return seeded


async def in_house(rehearsal: Rehearsal, work: Callable[[Program], Awaitable[T]]) -> T:
    """As a command beside the running process works, but without waiting for a new one to start."""
    settings = given(rehearsal.environment)
    return await with_storage(bootstrap(settings, secret_key(settings)), work)
