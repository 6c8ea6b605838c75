"""`trustvoice ngo`: whom money is paid to again and again."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from fundraising.people import phones
from fundraising.people.ngos import Ngo
from trustvoice.cli import output
from trustvoice.cli.common import Json, in_house, program
from trustvoice.opened import opened

ngo = typer.Typer(no_args_is_help=True, help="Whom money is paid to again and again.")


@ngo.command("add")
def ngo_add(
    name: Annotated[str, typer.Option(help="As M-Pesa knows the recipient.")],
    phone: Annotated[str, typer.Option(help="The M-Pesa number: 0712 345 678")],
    telegram: Annotated[int | None, typer.Option(min=1, help="Who reads in Telegram what arrived.")] = None,
    email: Annotated[str | None, typer.Option(help="Where the recipient reads by e-mail what arrived.")] = None,
) -> None:
    """Save an NGO or beneficiary; prints the id."""
    msisdn = phones.parse(phone)
    added = in_house(opened(program(), lambda house: house.use_cases.ngos.add(name, msisdn, telegram, email)))
    output.lines([str(added.id)])


@ngo.command("list")
def ngo_list(
    as_json: Json = False,
    full: Annotated[bool, typer.Option("--full", help="Do not mask the phone numbers.")] = False,
) -> None:
    """All that are saved."""
    saved = in_house(opened(program(), lambda house: house.use_cases.ngos.all()))
    found = [shown(one, full) for one in saved]
    output.listed(found, table, as_json)


def shown(one: Ngo, full: bool) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "phone": one.phone.digits if full else str(one.phone)}


def table(found: Sequence[dict[str, Any]]) -> Table:
    table = Table("id", "name", "phone", box=None)
    for one in found:
        table.add_row(str(one["id"]), Text(one["name"]), one["phone"])
    return table
