"""The command line. Results go to stdout, logs and complaints to stderr; exit 2 means that the settings are wrong."""

import asyncio
import os
import sys
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer
import uvloop

from fundraising.money import Money
from fundraising.refusals import Refused
from letters import refusals
from letters.language import translate
from standins.driver import DidNotHappen, NotPossible
from storage.database import AlreadyRunning
from storage.vault import WrongKey
from trustvoice import check, demo, logs, output, run
from trustvoice.bootstrap import Program, bootstrap
from trustvoice.cli_common import VIOLATED, Json, give_up, in_house, program, settings_or_advice
from trustvoice.cli_ngos import ngo
from trustvoice.cli_staff import admin
from trustvoice.opened import opened
from trustvoice.rehearsal import DidNotStart
from trustvoice.secret_key import secret_key
from trustvoice.settings import SettingsError, nothing_set

WRONG_KEY = (
    "This database was sealed with another SECRET_KEY. Put the old one back: in .env, or as secret.key beside the "
    "database. Without it phone numbers and names in it cannot be read."
)

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=__doc__)
campaign = typer.Typer(no_args_is_help=True, help="What the NGO raises money for.")
db = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(campaign, name="campaign")
app.add_typer(ngo, name="ngo")
app.add_typer(admin, name="admin")
app.add_typer(db, name="db")


def main() -> None:
    """Turns what may go wrong into a sentence and an exit code, in this one place."""
    try:
        app()
    except SettingsError as wrong:
        give_up(*wrong.sentences)
    except WrongKey:
        give_up(WRONG_KEY)
    except AlreadyRunning as running:
        give_up(f"{running}. Stop it first, or use another DATABASE_URL.")
    except run.NoDatabase as missing:
        give_up(f"The database at DATABASE_URL cannot be used: {missing}.")
    except run.CannotListen as taken:
        give_up(f"The server could not listen on {taken}.")
    except Refused as refused:
        give_up(refusals.sentence(translate(None), refused), code=VIOLATED)


@app.command("run")
def run_command() -> None:
    """Start the bot, the server for M-Pesa's callbacks and the workers."""
    settings = settings_or_advice()
    logs.configure(settings.log_format, settings.log_file)
    uvloop.run(run.run(bootstrap(settings, secret_key(settings))))


@app.command("demo")
def demo_command() -> None:
    """Start everything against stand-ins of Telegram and M-Pesa, and print the page to open."""
    asyncio.run(demo.demo())


@app.command("check")
def check_command(
    phone: Annotated[str, typer.Option(help="Whose phone is asked for the PIN.")] = "254708374149",
    amount: Annotated[int, typer.Option(help="Whole shillings.")] = 1,
    stand_ins: Annotated[bool, typer.Option("--stand-ins", help="Even though there are settings.")] = False,
) -> None:
    """Run one donation through, with the settings in force or else with stand-ins, and tell what happened."""
    try:
        if stand_ins or nothing_set(os.environ):
            asyncio.run(check.check_rehearsed(step))
        else:
            in_house(opened(program(), lambda house: check.check_configured(house, phone, amount, step)))
    except (check.Failed, DidNotStart, DidNotHappen, NotPossible) as failed:
        give_up(f"✗ {failed}", code=VIOLATED)


def step(said: str) -> None:
    output.lines([f"✓ {said}"])


@app.command()
def verify(as_json: Json = False) -> None:
    """Check the books: exit 0 when they hold, 1 when they do not."""
    problems = in_house(opened(program(), lambda house: house.use_cases.self_check.problems()))
    if as_json:
        output.as_json({"ok": not problems, "problems": problems})
    else:
        output.lines(problems or ["The books hold."])
    sys.exit(VIOLATED if problems else 0)


@campaign.command("add")
def campaign_add(
    title: Annotated[str, typer.Option()],
    goal: Annotated[str, typer.Option(help="In whole units: 50000")],
    currency: Annotated[str, typer.Option()] = "KES",
    story: Annotated[str, typer.Option(help="What the money is for.")] = "",
) -> None:
    """Open a campaign; prints its id."""
    try:
        amount = Money.of_major(Decimal(goal.replace(",", "")), currency.upper())
    except (InvalidOperation, ValueError):
        give_up(f"--goal {goal} is not an amount of money. Example: --goal 50000", code=VIOLATED)
    added = in_house(opened(program(), lambda house: house.use_cases.campaigns.add(title, amount, story)))
    output.lines([str(added.id)])


@campaign.command("list")
def campaign_list(as_json: Json = False) -> None:
    """All campaigns, and what they raised."""
    found = in_house(opened(program(), lambda house: house.use_cases.campaigns.all()))
    if as_json:
        output.as_json([output.campaign(one) for one in found])
    else:
        output.campaign_table(found)


@campaign.command("close")
def campaign_close(campaign_id: int) -> None:
    """Take no new donations for a campaign. What still arrives for it is credited all the same."""
    in_house(opened(program(), lambda house: house.use_cases.campaigns.close(campaign_id)))


@campaign.command("cover")
def campaign_cover(campaign_id: int) -> None:
    """Cover, from the campaign's own money, what left M-Pesa for it beyond what it had. Prints what is still owed."""
    owed = in_house(opened(program(), lambda house: house.use_cases.receivables.cover(campaign_id)))
    output.lines([str(owed)])


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the tables to this version. `run` does it too; here it can be done before."""
    in_house(opened(program(), nothing))
    output.lines(["The tables are up to date."])


async def nothing(_house: Program) -> None:
    """Opening the database upgrades it."""
