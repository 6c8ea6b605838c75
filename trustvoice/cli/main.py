"""The command line. Results go to stdout, logs and complaints to stderr; exit 2 means that the settings are wrong."""

import asyncio
import logging
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
from storage.database import AlreadyRunning
from storage.vault import WrongKey
from trustvoice import demo, logs, run
from trustvoice.bootstrap import Program, bootstrap
from trustvoice.cli import output
from trustvoice.cli.backup import backup_command, restore_command
from trustvoice.cli.books import reconcile
from trustvoice.cli.check import check_command
from trustvoice.cli.common import VIOLATED, Json, give_up, in_house, program, settings_or_advice
from trustvoice.cli.doctor import doctor_command
from trustvoice.cli.keys import api_key
from trustvoice.cli.ngos import ngo
from trustvoice.cli.progress import working
from trustvoice.cli.staff import admin
from trustvoice.cli.trace import trace
from trustvoice.opened import opened
from trustvoice.secret_key import secret_key
from trustvoice.settings import Settings, SettingsError, strange_names
from trustvoice.tunnel import NoTunnel, through_tunnel

log = logging.getLogger(__name__)
OWNER_ONLY = 0o077
NO_LOG = "Name a file in a folder that this user may write to, or leave LOG_FILE out: logs go to stderr as well."
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
app.add_typer(api_key, name="api-key")
app.add_typer(db, name="db")
app.command("backup")(backup_command)
app.command("trace")(trace)
app.command("reconcile")(reconcile)
app.command("restore")(restore_command)
app.command("check")(check_command)
app.command("doctor")(doctor_command)


def main() -> None:
    """Turns what may go wrong into a sentence and an exit code, in this one place."""
    os.umask(OWNER_ONLY)  # before anything is written: names, numbers and what people wrote are in it
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
    except NoTunnel as missing_tunnel:
        give_up(str(missing_tunnel))
    except run.CannotListen as taken:
        give_up(f"The server could not listen on {taken}.")
    except Refused as refused:
        give_up(refusals.sentence(translate(None), refused), code=VIOLATED)


@app.command("run")
def run_command() -> None:
    """Start the bot, the server for M-Pesa's callbacks and the workers."""
    settings = settings_or_advice()
    write_logs(settings)
    settings, tunnel = through_tunnel(settings)
    uvloop.run(run.run(bootstrap(settings, secret_key(settings), tunnel=tunnel)))


def write_logs(settings: Settings) -> None:
    """Raises SettingsError."""
    try:
        logs.configure(settings.log_format, settings.log_file)
    except OSError as error:
        raise SettingsError([f"LOG_FILE {settings.log_file} cannot be written: {error.strerror}. {NO_LOG}"]) from None
    for name in strange_names():
        log.warning("%s in .env is not a setting of TrustVoice, and has no effect here", name)


@app.command("demo")
def demo_command() -> None:
    """Start everything against stand-ins of Telegram and M-Pesa, and print the page to open."""
    asyncio.run(demo.demo())


@app.command()
def verify(as_json: Json = False) -> None:
    """Check the books: exit 0 when they hold, 1 when they do not."""
    with working("Checking the books"):
        problems = in_house(opened(program(), lambda house: house.use_cases.self_check.problems()))
    if as_json:
        output.as_json({"ok": not problems, "problems": problems})
    else:
        output.lines(problems or ["The books hold."])
    sys.exit(VIOLATED if problems else 0)


@app.command("settle-stuck")
def settle_stuck_command() -> None:
    """Weigh again what could not be settled, once the fault in TrustVoice is mended. Harmless at any other time."""
    settled, stuck = in_house(opened(program(), settle_stuck))
    output.lines([f"{settled} settled, {stuck} stuck still."])
    sys.exit(VIOLATED if stuck else 0)


async def settle_stuck(house: Program) -> tuple[int, int]:
    given = await house.use_cases.settlement.settle_stuck()
    paid = await house.use_cases.paying.settlement.settle_stuck()
    return given[0] + paid[0], given[1] + paid[1]


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
