"""`trustvoice ngo`: whom money is paid to again and again."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from trustvoice.cli import output
from trustvoice.cli.common import Json, in_house

if TYPE_CHECKING:
    from fundraising.people.ngos import Ngo

ngo = typer.Typer(no_args_is_help=True, help="Whom money is paid to again and again.")


@ngo.command("add")
def ngo_add(
    name: Annotated[str, typer.Option(help="As M-Pesa knows the recipient.")],
    phone: Annotated[str, typer.Option(help="The M-Pesa number: 0712 345 678")],
    telegram: Annotated[int | None, typer.Option(min=1, help="Who reads in Telegram what arrived.")] = None,
    email: Annotated[str | None, typer.Option(help="Where the recipient reads by e-mail what arrived.")] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Although the number or the name is saved already.")] = False,
) -> None:
    """Save an NGO or beneficiary; prints the id."""
    from fundraising.people import phones

    msisdn = phones.parse(phone)
    added = in_house(lambda house: house.use_cases.ngos.add(name, msisdn, telegram, email, is_meant=anyway))
    output.lines([str(added.id)])


@ngo.command("list")
def ngo_list(
    as_json: Json = False,
    full: Annotated[bool, typer.Option("--full", help="Do not mask the phone numbers.")] = False,
) -> None:
    """All that are saved."""
    found = [shown(one, full) for one in in_house(lambda house: house.use_cases.ngos.all())]
    rows = [(str(one["id"]), one["name"], one["phone"]) for one in found]
    output.listed(found, ("id", "name", "phone"), rows, as_json)


def shown(one: "Ngo", full: bool) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "phone": one.phone.digits if full else str(one.phone)}
