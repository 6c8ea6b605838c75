"""`trustvoice demo`: everything on this machine, and a page on which one is the donor and holds the phone."""

import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from standins.app import CHECKER, DONOR, MAKER, Options
from standins.daraja.options import DarajaOptions
from standins.driver import Standins
from trustvoice.rehearsal import DidNotStart, Rehearsal, rehearse

PORTS = (8100, 8001)
IMPATIENT = {  # a visitor does not wait minutes
    "STK_QUERY_SCHEDULE": "10,15,30,60,300",
    "STK_NEGATIVE_GAP": "10",
    "TRY_AGAIN_AFTER": "20",
    "STATUS_QUERY_SCHEDULE": "10,30,60,300",
    "ADMIN_TELEGRAM_IDS": str(CHECKER.user_id),
}
OPTIONS = Options(daraja=DarajaOptions(lock_s=20, repeat_s=20, prompt_life_s=40), people=(DONOR, MAKER, CHECKER))
CAMPAIGNS = (
    ("Clean water for Turkana", "250000", "Three boreholes for 1,200 families who walk nine kilometres for water."),
    ("School desks in Kibera", "80000", "Two hundred pupils sit on the floor. A desk for two costs KES 800."),
)
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
        async with rehearse(Path(folder), OPTIONS, IMPATIENT, PORTS) as rehearsal:
            await prepare(rehearsal)
            sys.stdout.write(WELCOME.format(page=rehearsal.page, log=Path(folder) / "run.log"))
            sys.stdout.flush()
            await stopping.wait()


async def prepare(rehearsal: Rehearsal) -> None:
    """Two campaigns; a maker beside the checker, who is the first owner."""
    for title, goal, story in CAMPAIGNS:
        await done(rehearsal, "campaign", "add", "--title", title, "--goal", goal, "--story", story)
    telegram = str(MAKER.user_id)
    await done(rehearsal, "admin", "add", "--telegram", telegram, "--name", MAKER.first_name, "--role", "maker")
    async with Standins(rehearsal.page) as standins:
        for person in (MAKER, CHECKER):  # a bot may write only to those who have written to it
            sent = await standins.say(person.user_id, "/start")
            await standins.wait_for_text(person.user_id, "", since=sent.mark)


async def done(rehearsal: Rehearsal, *words: str) -> None:
    code, said = await rehearsal.command(*words)
    if code:
        raise DidNotStart(said)
