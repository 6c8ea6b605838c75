"""`trustvoice admin`: who may do what with money that goes out, named at the server."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from fundraising.people.roles import Person, Role
from fundraising.people.staff import Proposal
from trustvoice.bootstrap import Program
from trustvoice.cli import output
from trustvoice.cli.common import Json, in_house, program
from trustvoice.opened import opened

admin = typer.Typer(no_args_is_help=True, help="Who may request, approve and see payouts.")

Named = Annotated[Role, typer.Option("--role", help="viewer sees, maker requests, checker approves, owner does all.")]


@admin.command("add")
def admin_add(
    telegram: Annotated[int, typer.Option(min=1, help="The person's Telegram number.")],
    name: Annotated[str, typer.Option(help="As colleagues know the person; of somebody known already it stays.")],
    role: Named,
    email: Annotated[str | None, typer.Option(help="Where the person reads of payouts, too.")] = None,
) -> None:
    """Give a role; prints the person's id, or the proposal that an owner has to confirm."""
    if not name.strip():
        raise typer.BadParameter("is empty", param_hint="--name")
    person, proposal = in_house(opened(program(), lambda house: add(house, telegram, name.strip(), role, email)))
    if proposal:
        output.lines([to_confirm(proposal)])
    else:
        output.lines([str(person.id)])


async def add(
    house: Program, telegram: int, name: str, role: Role, email: str | None
) -> tuple[Person, Proposal | None]:
    staff = house.use_cases.staff
    proposal = await staff.add(telegram, name, role, by=None, email=email)
    person = await staff.of_chat(telegram)
    assert person, "add stores whoever it did not know"
    return person, proposal


def to_confirm(proposal: Proposal) -> str:
    return f"Proposal {proposal.id}: an owner confirms it in the bot with /admins."


@admin.command("list")
def admin_list(as_json: Json = False) -> None:
    """All who have a role."""
    found = [shown(person) for person in in_house(opened(program(), lambda house: house.use_cases.staff.all()))]
    output.listed(found, table, as_json)


@admin.command("remove")
def admin_remove(person_id: int, role: Named) -> None:
    """Take a role from a person; prints the proposal that an owner has to confirm. The only owner keeps it."""
    proposal = in_house(opened(program(), lambda house: house.use_cases.staff.remove(person_id, role, by=None)))
    if proposal:
        output.lines([to_confirm(proposal)])


@admin.command("email")
def admin_email(
    person_id: int,
    address: Annotated[str | None, typer.Argument(help="The address, or off; left out, it is shown.")] = None,
) -> None:
    """Where a person reads of payouts by e-mail."""
    if address is None:
        known = in_house(opened(program(), lambda house: house.use_cases.staff.email(person_id)))
        output.lines([known.text if known else "none"])
        return
    wanted = None if address.lower() == "off" else address
    in_house(opened(program(), lambda house: house.use_cases.staff.set_email(person_id, wanted)))


def shown(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "roles": sorted(person.roles), "telegram": person.chat_ids}


def table(found: Sequence[dict[str, Any]]) -> Table:
    table = Table("id", "name", "roles", "telegram", box=None)
    for one in found:
        telegram = ", ".join(map(str, one["telegram"]))
        table.add_row(str(one["id"]), Text(one["name"]), ", ".join(one["roles"]), telegram)
    return table
