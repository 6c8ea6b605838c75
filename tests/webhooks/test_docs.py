"""The documentation tells of every route and of no other, and fetches nothing from anywhere else."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web
from pydantic import BaseModel

import webhooks.app
from tests.webhooks.conftest import SECRET, Door
from webhooks.api import openapi
from webhooks.api.examples import EXAMPLES
from webhooks.api.routes import ROUTES
from webhooks.keys import Metrics, Readiness, TelegramInbox

DOCUMENT: dict[str, Any] = json.loads(json.dumps(openapi.document()))
ELSEWHERE = re.compile(r"""(?:src|href|url|fetch)\W{1,3}(?:https?:)?//""")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


async def numbers() -> bytes:
    return b""


@pytest.fixture
def app(door: Door) -> web.Application:
    """With everything that a running TrustVoice serves."""
    inbox, readiness = TelegramInbox(SECRET, door.store), Readiness(door.can_store, {})
    return webhooks.app.build(door.house.use_cases, inbox, readiness, metrics=Metrics(numbers, lambda *_told: None))


def registered(app: web.Application) -> set[tuple[str, str]]:
    """HEAD comes with GET, and every path of the API answers with and without a slash at its end.

    Where a callback's path has slashes too many, `_` stands for them.
    """
    routes = [(route.method, route.resource) for route in app.router.routes() if route.method != "HEAD"]
    named = [(method, resource.canonical) for method, resource in routes if resource]
    return {(method, path.rstrip("/")) for method, path in named if "{_}" not in path}


def test_every_route_is_described_and_nothing_else(app: web.Application) -> None:
    described = {(method, path.rstrip("/")) for method, path, _ in operations()}
    assert described == registered(app)


async def test_the_document_is_served_as_it_is_made(door: Door) -> None:
    assert await door.get("/openapi.json") == (200, DOCUMENT)


def test_what_needs_a_key_says_so_and_nothing_else_does() -> None:
    open_to_all = ("/webhooks/", "/healthz", "/readyz", "/c/", "/docs", "/openapi.json")
    for _, path, operation in operations():
        signed = operation.get("security") == [{"key": []}]
        assert signed is not path.startswith(open_to_all), path
        assert ("401" in operation["responses"]) is signed
    assert DOCUMENT["components"]["securitySchemes"] == {"key": {"type": "http", "scheme": "bearer"}}


def test_problems_are_named_with_the_answer_that_they_come_in() -> None:
    answers = DOCUMENT["paths"]["/payouts/"]["post"]["responses"]
    assert "`insufficient_funds`" in answers["409"]["description"]
    assert "`no_such_campaign`" in answers["404"]["description"]
    for _, path, operation in operations():
        for status, answer in operation["responses"].items():
            if operation.get("security") and int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], path


def test_what_moves_money_takes_an_idempotency_key() -> None:
    with_key = {
        (method, path)
        for method, path, operation in operations()
        if {"$ref": "#/components/parameters/IdempotencyKey"} in operation.get("parameters", [])
    }
    assert with_key == {(route.method, route.path) for route in ROUTES if route.moves_money}
    assert ("POST", "/donations/") in with_key
    assert DOCUMENT["components"]["parameters"]["IdempotencyKey"]["name"] == "Idempotency-Key"


def test_lists_tell_of_the_header_with_the_next_page() -> None:
    for route in ROUTES:
        answer = DOCUMENT["paths"][route.path][route.method.lower()]["responses"][str(route.status)]
        is_list = answer["content"]["application/json"]["schema"].get("type") == "array"
        assert ("Link" in answer.get("headers", {})) is is_list


@pytest.mark.parametrize("model", EXAMPLES)
def test_examples_are_what_they_are_examples_of(model: type[BaseModel]) -> None:
    read = model.model_validate_json(json.dumps(EXAMPLES[model]))
    assert set(EXAMPLES[model]) <= set(type(read).model_fields)


def test_the_examples_use_the_sandboxs_number() -> None:
    body = DOCUMENT["paths"]["/donations/"]["post"]["requestBody"]["content"]["application/json"]
    assert body["example"]["phone_number"] == "254708374149"


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for _, _, operation in operations() if "operationId" in operation]
    assert len(set(names)) == len(names) == len(ROUTES)


async def test_the_page_consists_of_what_is_served_here(door: Door) -> None:
    async with door.client.get("/docs") as answer:
        html, headers = await answer.text(), answer.headers
    assert answer.content_type == "text/html"
    parts = re.findall(r'(?:src|href)="(/[^"]+)"', html)
    assert len(parts) == 3
    for part in parts:
        async with door.client.get(part) as answer:
            assert answer.status == 200
            assert answer.content_type in ("text/css", "text/javascript", "application/javascript")
            assert len(await answer.read()) > 100
    assert not ELSEWHERE.search(html)
    rules = headers["Content-Security-Policy"]
    assert "default-src 'none'" in rules
    assert "script-src 'self';" in rules
    assert "unsafe" not in rules
    assert "http" not in rules


async def test_its_script_fetches_our_document_only(door: Door) -> None:
    async with door.client.get("/docs/start.js") as answer:
        script = await answer.text()
    assert re.findall(r'fetch\("([^"]+)"', script) == ["/openapi.json"]
    assert "validatorUrl: null" in script


@pytest.mark.parametrize("name", ["index.html", "..%2fapp.py", "swagger-ui.js.map", "%00", "swagger-ui.css%2f"])
async def test_no_other_file_is_served(door: Door, name: str) -> None:
    async with door.client.get(f"/docs/{name}") as answer:
        assert answer.status == 404
