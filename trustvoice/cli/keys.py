"""`trustvoice api-key`: who may use the HTTP API, named at the server; a shell there is the root of trust."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trustvoice.cli import output
from trustvoice.cli.common import Json, in_house, one_of

if TYPE_CHECKING:
    from fundraising.people.api_keys import ApiKey

api_key = typer.Typer(no_args_is_help=True, help="Keys of the HTTP API.")
PREFIX = "tv_"  # so that a key that leaked is known for one, by people and by scanners


HEAD = ("id", "name", "role", "person", "created", "expires", "last used", "revoked")


def roles() -> type[StrEnum]:
    from fundraising.people.api_keys import KeyRole

    return KeyRole


@api_key.command("create")
def api_key_create(
    name: Annotated[str, typer.Option(help="What or whom it is for.")],
    role: Annotated[
        str,
        typer.Option(
            help="viewer sees, maker requests, checker approves, admin does both, but never with its own request.",
            parser=one_of(roles),
            metavar="ROLE",
        ),
    ],
    person: Annotated[
        int | None, typer.Option(min=1, help="Whose hand it is (admin list shows the ids). Else a new person's.")
    ] = None,
    expires_days: Annotated[int | None, typer.Option(min=1, max=3650, help="How long it holds; else for ever.")] = None,
    as_json: Json = False,
) -> None:
    """Make a key; prints it, once and never again. The owners are told."""
    if not name.strip():
        raise typer.BadParameter("is empty", param_hint="--name")
    from fundraising.people.api_keys import KeyRole

    key = PREFIX + secrets.token_hex(32)
    life = timedelta(days=expires_days) if expires_days else None
    in_house(lambda house: house.use_cases.api_keys.create(key, name.strip(), KeyRole(role), person, life))
    if as_json:
        output.as_json({"key": key})
    else:
        output.lines([key])


@api_key.command("list")
def api_key_list(as_json: Json = False) -> None:
    """All keys that were made, without the keys themselves."""
    found = [shown(each) for each in in_house(lambda house: house.use_cases.api_keys.all())]
    output.listed(found, HEAD, rows(found), as_json)


@api_key.command("revoke")
def api_key_revoke(key_id: int) -> None:
    """Take a key back, at once and for ever."""
    in_house(lambda house: house.use_cases.api_keys.revoke(key_id))


def shown(each: "ApiKey") -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "role": each.role,
        "person": each.person.id,
        "created_at": each.created_at,
        "expires_at": each.expires_at,
        "last_used_at": each.last_used_at,
        "revoked_at": each.revoked_at,
    }


def rows(found: Sequence[dict[str, Any]]) -> Iterator[Sequence[str]]:
    for one in found:
        moments = (one["created_at"], one["expires_at"], one["last_used_at"], one["revoked_at"])
        yield str(one["id"]), one["name"], one["role"], str(one["person"]), *map(day, moments)


def day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "–"
