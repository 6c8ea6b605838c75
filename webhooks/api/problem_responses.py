"""Which problems each route may answer with, by status, as the documentation tells them."""

import json
from collections import defaultdict

from fundraising.refusals import IdempotencyKeyReused, NotAllowed, Refused
from webhooks.api.problems import CONTENT_TYPE, STATUSES, STATUSES_OF_REQUESTS, code_of, document
from webhooks.api.routes import Route
from webhooks.described import PROBLEM, TEXT, Json

HEADERS = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}


def problem_responses(route: Route) -> Json:
    by_status: defaultdict[int, list[str]] = defaultdict(list)
    for code in of_the_request(route):
        by_status[STATUSES_OF_REQUESTS[code]].append(code)
    for kind in refused_by(route):
        by_status[STATUSES[kind]].append(code_of(kind))
    return {str(status): response(status, by_status[status]) for status in sorted(by_status)}


def of_the_request(route: Route) -> list[str]:
    codes = ["unauthenticated", "internal_error", "unavailable"]
    if "{" in route.path:
        codes.append("not_found")
    if route.query or route.body:
        codes.append("invalid_fields")
    if route.body:
        codes += ["malformed", "too_large", "unsupported_media_type", "unsupported_encoding"]
    if not route.gives_csv:
        codes.append("not_acceptable")
    if route.moves_money:
        codes += ["bad_idempotency_key", "still_running"]
    return codes


def refused_by(route: Route) -> list[type[Refused]]:
    repeated = [IdempotencyKeyReused] if route.moves_money else []
    return [NotAllowed, *repeated, *route.problems]


def response(status: int, codes: list[str]) -> Json:
    told: Json = {
        "description": ", ".join(f"`{code}`" for code in codes),
        "content": {CONTENT_TYPE: {"schema": PROBLEM, "example": example(status, codes[0])}},
    }
    if name := HEADERS.get(status):
        told["headers"] = {name: {"schema": TEXT}}
    return told


def example(status: int, code: str) -> Json:
    told: Json = json.loads(document(status, code, "What happened, in a sentence.", []))
    return told
