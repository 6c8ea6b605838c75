"""`trustvoice campaign`: what people give to."""

import re
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trustvoice.cli import output
from trustvoice.cli.common import VIOLATED, Json, give_up, in_house

if TYPE_CHECKING:
    from rich.table import Table

    from fundraising.campaigns import Campaign
    from fundraising.ledger.progress import Progress
    from fundraising.money import Money
    from trustvoice.bootstrap import Program

# 1e3 is more often a spreadsheet's than meant, and a comma stands before thousands or nowhere.
AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.[0-9]{1,2})?")
UNKNOWN_BOT = "YOUR_BOT"

campaign = typer.Typer(no_args_is_help=True, help="What the NGO raises money for.")


@campaign.command("add")
def campaign_add(
    title: Annotated[str, typer.Option()],
    goal: Annotated[str, typer.Option(help="In whole units: 50000")],
    currency: Annotated[str, typer.Option()] = "KES",
    story: Annotated[str, typer.Option(help="What the money is for.")] = "",
) -> None:
    """Open a campaign; prints its id, and on stderr where people find it."""
    amount = amount_of(goal, currency)

    async def add(house: "Program") -> "tuple[Campaign, list[Campaign], list[str]]":
        added = await house.use_cases.campaigns.add(title, amount, story)
        return added, await house.use_cases.campaigns.namesakes(added), await links(house, added)

    added, namesakes, found_at = in_house(add)
    output.lines([str(added.id)])
    output.lines([*found_at, *map(warning, namesakes)], sys.stderr)


def amount_of(goal: str, currency: str) -> "Money":
    from fundraising.money import Money

    if not AMOUNT.fullmatch(goal):
        give_up(f"--goal {goal} is not an amount of money. Example: --goal 50000", code=VIOLATED)
    return Money.of_major(Decimal(goal.replace(",", "")), currency.upper())


async def links(house: "Program", added: "Campaign") -> list[str]:
    """To its page, and to its door in Telegram."""
    from storage import facts
    from webhooks.pages.campaign import deep_link

    bot = await house.database.read(lambda conn: facts.read(conn, facts.BOT_USERNAME))
    door = deep_link(bot or UNKNOWN_BOT, added.slug)
    told = "" if bot else f" ({UNKNOWN_BOT}: as @BotFather has it; `trustvoice run` learns it)"
    tunnel = house.settings.finds_public_url
    page = f"{'PUBLIC_URL' if tunnel else house.settings.public_url}/c/{added.slug}"
    return [f"Its page: {page}", f"In Telegram: {door}{told}"]


def warning(other: "Campaign") -> str:
    return f"Campaign {other.id} has the same title: donors cannot tell them apart. To close one: campaign close ID"


@campaign.command("list")
def campaign_list(as_json: Json = False) -> None:
    """All campaigns, and what they raised."""
    found = in_house(lambda house: house.use_cases.campaigns.all())
    if as_json:
        output.as_json([shown(one) for one in found])
    else:
        output.show(table(found))


@campaign.command("close")
def campaign_close(campaign_id: int) -> None:
    """Take no new donations for a campaign. What still arrives for it is credited all the same."""
    in_house(lambda house: house.use_cases.campaigns.close(campaign_id))


@campaign.command("cover")
def campaign_cover(campaign_id: int) -> None:
    """Cover, from the campaign's own money, what left M-Pesa for it beyond what it had. Prints what is still owed."""
    output.lines([str(in_house(lambda house: house.use_cases.receivables.cover(campaign_id)))])


def shown(progress: "Progress") -> dict[str, Any]:
    """Amounts are major units, integers when whole."""
    return {
        "id": progress.campaign.id,
        "title": progress.campaign.title,
        "slug": progress.campaign.slug,
        "status": "open" if progress.campaign.is_open else "closed",
        "goal": progress.campaign.goal.major,
        "currency": progress.campaign.goal.currency,
        "raised_amounts": {money.currency: money.major for money in raised(progress)},
    }


def raised(progress: "Progress") -> "list[Money]":
    """In each currency in which anything was."""
    return [balance.raised for balance in progress.balances.values() if balance.raised.minor]


def table(found: "Iterable[Progress]") -> "Table":
    rows: list[Sequence[str]] = []
    for progress in found:
        one = shown(progress)
        sums = ", ".join(map(str, raised(progress))) or "0"
        rows.append((str(one["id"]), one["title"], one["slug"], one["status"], sums, str(progress.campaign.goal)))
    return output.table(("id", "title", "slug", "status", "raised", "goal"), rows)
