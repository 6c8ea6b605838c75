"""`trustvoice admin`: who may do what with money that goes out, named at the server."""

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trustvoice.cli import output
from trustvoice.cli.common import Json, in_house, one_of

if TYPE_CHECKING:
    from fundraising.people.roles import Person, Role
    from fundraising.people.staff import Proposal
    from trustvoice.bootstrap import Program

admin = typer.Typer(no_args_is_help=True, help="Who may request, approve and see payouts.")


def roles() -> type[StrEnum]:
    from fundraising.people.roles import Role

    return Role


Named = Annotated[
    str,
    typer.Option(
        "--role",
        help="viewer sees, maker requests, checker approves, owner does all.",
        parser=one_of(roles),
        metavar="ROLE",
    ),
]


@admin.command("add")
def admin_add(
    telegram: Annotated[int, typer.Option(min=1, help="The person's Telegram number.")],
    name: Annotated[str, typer.Option(help="As colleagues know the person; of somebody known already it stays.")],
    role: Named,
    email: Annotated[str | None, typer.Option(help="Where the person reads of payouts, too.")] = None,
) -> None:
    """Give a role; prints the person's id, or the proposal that an owner has to confirm."""
    from fundraising.people.roles import Role

    name = spoken(name)
    person, proposal = in_house(lambda house: add(house, telegram, name, Role(role), email))
    output.lines([to_confirm(proposal) if proposal else str(person.id)])
    if person.name != name:
        remedy = f'To rename: trustvoice admin rename {person.id} --name "{name}"'
        output.lines([f"This person is known as {person.name}, and the name stays. {remedy}"], sys.stderr)


async def add(
    house: "Program", telegram: int, name: str, role: "Role", email: str | None
) -> "tuple[Person, Proposal | None]":
    staff = house.use_cases.staff
    proposal = await staff.add(telegram, name, role, by=None, email=email)
    person = await staff.of_chat(telegram)
    assert person, "add stores whoever it did not know"
    return person, proposal


def spoken(name: str) -> str:
    if not name.strip():
        raise typer.BadParameter("is empty", param_hint="--name")
    return name.strip()


def to_confirm(proposal: "Proposal") -> str:
    return f"Proposal {proposal.id}: an owner confirms it in the bot with /admins."


@admin.command("rename")
def admin_rename(
    person_id: int,
    name: Annotated[str, typer.Option(help="As colleagues know the person: it stands in each approval.")],
) -> None:
    """Give a person another name, in what was decided before, too."""
    name = spoken(name)
    in_house(lambda house: house.use_cases.staff.rename(person_id, name))


@admin.command("list")
def admin_list(as_json: Json = False) -> None:
    """All who have a role."""
    found = [shown(person) for person in in_house(lambda house: house.use_cases.staff.all())]
    output.listed(found, ("id", "name", "roles", "telegram"), rows(found), as_json)


@admin.command("remove")
def admin_remove(person_id: int, role: Named) -> None:
    """Take a role from a person; prints the proposal that an owner has to confirm. The only owner keeps it."""
    from fundraising.people.roles import Role

    proposal = in_house(lambda house: house.use_cases.staff.remove(person_id, Role(role), by=None))
    if proposal:
        output.lines([to_confirm(proposal)])


@admin.command("email")
def admin_email(
    person_id: int,
    address: Annotated[str | None, typer.Argument(help="The address, or off; left out, it is shown.")] = None,
) -> None:
    """Where a person reads of payouts by e-mail."""
    if address is None:
        known = in_house(lambda house: house.use_cases.staff.email(person_id))
        output.lines([known.text if known else "none"])
        return
    wanted = None if address.lower() == "off" else address
    in_house(lambda house: house.use_cases.staff.set_email(person_id, wanted))


def shown(person: "Person") -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "roles": sorted(person.roles), "telegram": person.chat_ids}


def rows(found: Sequence[dict[str, Any]]) -> Iterator[Sequence[str]]:
    for one in found:
        yield str(one["id"]), one["name"], ", ".join(one["roles"]), ", ".join(map(str, one["telegram"]))
