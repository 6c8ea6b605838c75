"""The description of everything this server answers to, made from the same table that it answers from."""

import re
from collections.abc import Sequence
from types import GenericAlias
from typing import get_args

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from webhooks import described
from webhooks.api import repeating
from webhooks.api.examples import EXAMPLES, JUST_MADE, TABLE
from webhooks.api.fields import BIGGEST_ID
from webhooks.api.parsing import XLSX
from webhooks.api.problem_responses import problem_responses
from webhooks.api.problems import ProblemOut
from webhooks.api.routes import ROUTES, Route
from webhooks.described import Json, answers, in_path

ABOUT = """An NGO raises money on M-Pesa and pays it out on M-Pesa.

Requests carry `Authorization: Bearer <key>`; `trustvoice api-key create` makes keys. Amounts are major units.
A request that moves money may carry an `Idempotency-Key`: its repeats within 30 days get the first one's answer.
"""
REF = "#/components/schemas/{model}"
A_NUMBER: Json = {"type": "integer", "minimum": 1, "maximum": BIGGEST_ID}
LINK: Json = {"description": 'The next page, where there is one: `</…?cursor=…>; rel="next"`', "schema": described.TEXT}
NEXT_PAGE: Json = {"headers": {"Link": LINK}}
IDEMPOTENCY_KEY: Json = {
    "name": repeating.HEADER,
    "in": "header",
    "description": "Any text of your own: a request that is sent again with it acts once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": repeating.LONGEST_KEY},
}
NUMBER_IN_PATH = re.compile(r"{(\w+)}")


def document(routes: Sequence[Route] = ROUTES) -> Json:
    paths: dict[str, Json] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "TrustVoice", "version": "1", "description": ABOUT},
        "paths": {**paths, **described.paths()},
        "components": {
            "schemas": schemas(routes),
            "parameters": {"IdempotencyKey": IDEMPOTENCY_KEY},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def operation(route: Route) -> Json:
    told: Json = {
        "tags": [route.path.split("/")[1].capitalize()],
        "summary": route.summary,
        "description": f"For keys that may act as {route.role}.",
        "operationId": route.handler.__module__.rpartition(".")[2] + "_" + route.handler.__name__,
        "security": described.SIGNED,
        "responses": responses(route),
    }
    if found := parameters(route):
        told["parameters"] = found
    if route.body:
        told["requestBody"] = {"required": True, "content": request_content(route, route.body)}
    return told


def request_content(route: Route, body: type[BaseModel]) -> Json:
    content: Json = {"application/json": {"schema": ref(body), "example": EXAMPLES[body]}}
    if route.takes_csv:
        content["text/csv"] = {"schema": {"type": "string"}, "example": TABLE}
        content[XLSX] = {"schema": {"type": "string", "contentEncoding": "binary"}}
    return content


def parameters(route: Route) -> list[Json]:
    found = [in_path(name, A_NUMBER) for name in NUMBER_IN_PATH.findall(route.path)]
    if route.query:
        found += in_query(route.query)
    if route.moves_money:
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    return found


def in_query(model: type[BaseModel]) -> list[Json]:
    """What is left out is None: as text there is no null."""
    shape = model.model_json_schema()
    found = []
    for name, schema in shape["properties"].items():
        [kind] = [each for each in schema.pop("anyOf", [schema]) if each.get("type") != "null"]
        if "$ref" in kind:
            kind = shape["$defs"][kind["$ref"].rpartition("/")[2]]
        described = {key: value for key, value in {**kind, **schema}.items() if key != "title" and value is not None}
        found.append({"name": name, "in": "query", "schema": described})
    return found


def schemas(routes: Sequence[Route]) -> Json:
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(ProblemOut, "serialization")]
    models += [(route.body, "validation") for route in routes if route.body]
    models += [(shown(route), "serialization") for route in routes]
    _, found = models_json_schema(models, ref_template=REF)
    definitions: Json = found["$defs"]
    return definitions


def responses(route: Route) -> Json:
    return {str(route.status): answer(route), **problem_responses(route)}


def answer(route: Route) -> Json:
    one, example = ref(shown(route)), example_of(route)
    if not isinstance(route.answer, GenericAlias):
        done = answers("Done", one, example=example)
        if route.gives_csv:
            done["content"]["text/csv"] = {"schema": described.TEXT}
        return done
    return answers("A page of them", {"type": "array", "items": one}, example=example and [example]) | NEXT_PAGE


def example_of(route: Route) -> Json | None:
    example = EXAMPLES.get(shown(route))
    return example and {**example, **(JUST_MADE.get(shown(route), {}) if route.status == 201 else {})}


def shown(route: Route) -> type[BaseModel]:
    """The model of the answer, or of each entry of a list."""
    model: type[BaseModel] = get_args(route.answer)[0] if isinstance(route.answer, GenericAlias) else route.answer
    return model


def ref(model: type[BaseModel]) -> Json:
    return {"$ref": REF.format(model=model.__name__)}
