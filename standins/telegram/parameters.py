"""A method's parameters, from the query string, a form, a multipart form or JSON alike."""

import json
from dataclasses import dataclass, field

import msgspec
from aiohttp import web

from standins.telegram.refusals import BadRequest


@dataclass(frozen=True)
class Upload:
    file_name: str
    content_type: str
    content: bytes


@dataclass
class Parameters:
    values: dict[str, object] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return None if value is None else str(value)

    def needed(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise BadRequest(f'parameter "{name}" is required')
        return value

    def integer(self, name: str, default: int = 0) -> int:
        value = self.text(name)
        try:
            return default if value is None else int(value)
        except ValueError:
            raise BadRequest(f'parameter "{name}" must be an integer') from None

    def flag(self, name: str) -> bool:
        return (self.text(name) or "").lower() in ("true", "yes", "1")

    def structure(self, name: str) -> object | None:
        """A list or an object; in a form these come as JSON text."""
        value = self.values.get(name)
        if not isinstance(value, str) or value == "":
            return value or None
        try:
            decoded: object = json.loads(value)
        except ValueError:
            raise BadRequest(f"can't parse {name.replace('_', ' ')} JSON object") from None
        return decoded

    def names(self, name: str) -> list[str] | None:
        value = self.structure(name)
        if value is None and name not in self.values:
            return None
        return msgspec.convert(value or [], list[str])


async def read(request: web.Request) -> Parameters:
    given = Parameters(dict(request.query))
    if request.content_type == "application/json":
        body: object = json.loads(await request.read() or b"{}")
        if not isinstance(body, dict):
            raise BadRequest("can't parse JSON object")
        given.values.update(body)
        return given
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            given.files[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            given.values[name] = value
    return given
