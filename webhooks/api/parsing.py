"""From the bytes of a request to checked values. Raises Problem."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NoReturn

from aiohttp import web
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from letters import problems as letters
from letters.language import translate
from webhooks import incoming
from webhooks.api.calls import Call
from webhooks.api.fields import BIGGEST_ID
from webhooks.api.problems import Fault, Problem
from webhooks.api.routes import Route

_ = translate(None)
CSV = ("text/csv", "application/csv")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES = (*CSV, "text/tab-separated-values", XLSX)
JSON = ("application/json", "application/*", "*/*")
ONE, MANY = 64 * 1024, 1024 * 1024  # bytes of a body


def ids_in(path: Mapping[str, str]) -> dict[str, int]:
    """A number that no row can have is an address with nothing there."""
    ids = {name: int(digits) if len(digits) < 20 else 0 for name, digits in path.items()}
    if not all(0 < each <= BIGGEST_ID for each in ids.values()):
        raise Problem("not_found")
    return ids


def query_of(route: Route, request: web.Request) -> BaseModel | None:
    if route.query is None:
        return None
    return checked(route.query, once(list(request.query.items())))


async def body_of(route: Route, request: web.Request) -> bytes:
    """Only of a route that takes one."""
    if route.body is None:
        return b""
    try:
        return await incoming.body_of(request, MANY if route.takes_csv else ONE)
    except incoming.TooLarge as error:
        raise Problem("too_large") from error
    except incoming.Encoded as error:
        raise Problem("unsupported_encoding") from error
    except incoming.BrokenOff as error:
        raise Problem("malformed") from error


def meaning(request: web.Request, call: Call) -> bytes:
    """What makes it the same request again: not the order of fields, not the blanks, not a slash at the end."""
    said = call.body.model_dump_json(exclude_unset=True).encode() if call.body else call.table or b""
    return b"\n".join((request.method.encode(), request.path.rstrip("/").encode(), request.query_string.encode(), said))


def model_of(route: Route, request: web.Request, body: bytes) -> BaseModel | None:
    """None where the route takes no body, or a table came."""
    if route.body is None or is_table(route, request):
        return None
    if request.content_type != "application/json":
        raise Problem("unsupported_media_type")
    return checked(route.body, from_json(body))


def is_table(route: Route, request: web.Request) -> bool:
    return route.takes_csv and request.content_type in TABLES


def wants_csv(route: Route, request: web.Request) -> bool:
    """Whoever takes JSON as well gets JSON, where there is no CSV."""
    accepted = request.headers.get("Accept", "").lower()
    named = any(kind in accepted for kind in CSV)
    if named and not route.gives_csv and not any(kind in accepted for kind in JSON):
        raise Problem("not_acceptable")
    return named and route.gives_csv


def from_json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body.decode(), object_pairs_hook=once, parse_float=number, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Problem("malformed") from error
    if not isinstance(found, dict):
        raise Problem("malformed")
    return found


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Which of two is meant is not guessed."""
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(name for name, _value in pairs)
        raise Problem("invalid_fields", faults_named([name for name, count in times.items() if count > 1]))
    return found


def faults_named(names: list[str]) -> list[Fault]:
    remedy = letters.of_a_field(_, "named_twice", {})
    return [Fault(field=name, row=None, reason="named_twice", remedy=remedy) for name in names]


def number(written: str) -> Decimal | float:
    """Exact; only with an exponent a float, which no amount takes: 1e3 is more often a spreadsheet's than meant."""
    return float(written) if "e" in written.lower() else Decimal(written)


def refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def checked(kind: type[BaseModel], values: dict[str, Any]) -> BaseModel:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise Problem("invalid_fields", faults=faults_of(found)) from None


def faults_of(found: Iterable[ErrorDetails]) -> list[Fault]:
    return [
        Fault(
            field=".".join(map(str, each["loc"])) or None,
            row=next((step + 1 for step in each["loc"] if isinstance(step, int)), None),
            reason=each["type"],
            remedy=letters.of_a_field(_, each["type"], each.get("ctx", {})),
        )
        for each in found
    ]
