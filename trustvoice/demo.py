"""`trustvoice demo`: everything on this machine, and a page on which one is the donor and holds the phone."""

import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from standins.app import Options
from standins.daraja.options import DarajaOptions
from trustvoice.rehearsal import Rehearsal, rehearse

PORTS = (8100, 8001)
IMPATIENT = {  # a visitor does not wait minutes
    "STK_QUERY_SCHEDULE": "10,15,30,60,300",
    "STK_NEGATIVE_GAP": "10",
    "TRY_AGAIN_AFTER": "20",
}
OPTIONS = Options(daraja=DarajaOptions(lock_s=20, repeat_s=20, prompt_life_s=40))
CAMPAIGNS = (
    ("Clean water for Turkana", "250000", "Three boreholes for 1,200 families who walk nine kilometres for water."),
    ("School desks in Kibera", "80000", "Two hundred pupils sit on the floor. A desk for two costs KES 800."),
)
WELCOME = """
TrustVoice is running against stand-ins of Telegram and M-Pesa. No real money moves.

    Open   {page}

You are a donor: press Start, choose a campaign, an amount and a phone, and answer the PIN prompt on the drawn phone.
The log is in {log}. Stop with Ctrl+C.
"""


async def demo() -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    with tempfile.TemporaryDirectory(prefix="trustvoice-demo-") as folder:
        async with rehearse(Path(folder), OPTIONS, IMPATIENT, PORTS) as rehearsal:
            await open_campaigns(rehearsal)
            sys.stdout.write(WELCOME.format(page=rehearsal.page, log=Path(folder) / "run.log"))
            sys.stdout.flush()
            await stopping.wait()


async def open_campaigns(rehearsal: Rehearsal) -> None:
    for title, goal, story in CAMPAIGNS:
        code, said = await rehearsal.command("campaign", "add", "--title", title, "--goal", goal, "--story", story)
        assert code == 0, said
