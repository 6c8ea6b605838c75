"""`trustvoice check`: money through the whole house once, told step by step."""

import asyncio
import os
from typing import Annotated

import typer

from trustvoice.cli import output
from trustvoice.cli.common import VIOLATED, give_up, in_house
from trustvoice.cli.progress import working

LEAST_GIFT, LEAST_PAYOUT = 1, 10  # what M-Pesa takes


def check_command(
    phone: Annotated[str, typer.Option(help="Whose phone is asked for the PIN.")] = "254708374149",
    amount: Annotated[int | None, typer.Option(help="Whole shillings; 1, or 10 for a payout.")] = None,
    stand_ins: Annotated[bool, typer.Option("--stand-ins", help="Even though there are settings.")] = False,
    payout: Annotated[
        str | None, typer.Option(metavar="PHONE", help="Pay out to this number instead; others approve it in the bot.")
    ] = None,
    recipient: Annotated[str, typer.Option(help="With --payout: as M-Pesa knows who gets it.")] = "Check",
    maker: Annotated[
        int | None, typer.Option(help="With --payout: the Telegram number of who asks, if several may.")
    ] = None,
    campaign: Annotated[int | None, typer.Option(help="With --payout: whose money; else the first open one's.")] = None,
) -> None:
    """Run one donation through, with the settings in force or else with stand-ins, and tell what happened."""
    from standins.driver import DidNotHappen, NotPossible
    from trustvoice.rehearsal import check
    from trustvoice.rehearsal.check_payout import Wanted, check_payout
    from trustvoice.rehearsal.child import DidNotStart
    from trustvoice.settings.loading import nothing_set

    try:
        with working("Checking"):
            if stand_ins or nothing_set(os.environ):
                asyncio.run(check.check_rehearsed(step))
            elif payout:
                wanted = Wanted(payout, amount or LEAST_PAYOUT, recipient, maker, campaign)
                in_house(lambda house: check_payout(house, wanted, step))
            else:
                shillings = amount or LEAST_GIFT
                in_house(lambda house: check.check_configured(house, phone, shillings, step))
    except (check.Failed, DidNotStart, DidNotHappen, NotPossible) as failed:
        give_up(f"✗ {failed}", code=VIOLATED)


def step(said: str) -> None:
    output.lines([f"✓ {said}"])
