"""Telegram's Bot API as far as these tests need it: it keeps messages, and refuses what Telegram refuses."""

import email
import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx

BASE = "https://telegram.test/bot"
URL = re.compile(r"https://telegram\.test/bot[^/]+/(?P<method>\w+)")
FILES = "https://telegram.test/file/bot"
Params = dict[str, Any]


class Refusal(Exception):
    def __init__(self, status: int, description: str, **parameters: int):
        super().__init__(description)
        self.status, self.parameters = status, parameters


BLOCKED = Refusal(403, "Forbidden: bot was blocked by the user")
NO_CHAT = Refusal(400, "Bad Request: chat not found")
FLOOD = Refusal(429, "Too Many Requests: retry after 7", retry_after=7)
TOO_LONG = Refusal(400, "Bad Request: message is too long")
BAD_HTML = Refusal(400, "Bad Request: can't parse entities")
NO_TOKEN = Refusal(401, "Unauthorized")
CONFLICT = Refusal(409, "Conflict: terminated by other getUpdates request")
CUT_OFF = httpx.ReadError("the line was cut")
TOO_LATE = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@dataclass
class Shown:
    id: int
    chat_id: int
    text: str
    keyboard: dict[str, Any]

    @property
    def buttons(self) -> dict[str, str]:
        rows = self.keyboard.get("inline_keyboard", [])
        return {button["text"]: button["callback_data"] for row in rows for button in row}


@dataclass
class FakeTelegram:
    """`troubles` of a method are met one after another, before it works."""

    calls: list[tuple[str, Params]] = field(default_factory=list)
    messages: dict[int, Shown] = field(default_factory=dict)
    answered: dict[str, str | None] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    documents: list[bytes] = field(default_factory=list)
    troubles: dict[str, deque[Exception]] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)  # chats that have blocked the bot
    after: dict[str, Callable[[Params], Any]] = field(default_factory=dict)

    def trouble(self, method: str, *errors: Exception) -> None:
        self.troubles[method] = deque(errors)

    async def __call__(self, request: httpx.Request, method: str) -> httpx.Response:
        params = self._uploaded(request) or {
            name: unpacked(value) for name, value in parse_qsl(request.content.decode())
        }
        self.calls.append((method, params))
        try:
            if self.troubles.get(method):
                raise self.troubles[method].popleft()
            if params.get("chat_id") in self.closed:
                raise BLOCKED
            result = getattr(self, f"_{method}", lambda _: True)(params)
        except Refusal as refused:
            body = {"ok": False, "error_code": refused.status, "description": str(refused)}
            return httpx.Response(refused.status, json={**body, "parameters": refused.parameters})
        if method in self.after:
            result = await self.after[method](params) or result
        return httpx.Response(200, json={"ok": True, "result": result})

    def called(self, method: str) -> list[Params]:
        return [params for name, params in self.calls if name == method]

    async def download(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=self.files[request.url.path.rpartition("/")[2]])

    def _uploaded(self, request: httpx.Request) -> Params:
        """Of a request that brings a file, the fields; the file is kept."""
        kind = request.headers.get("content-type", "")
        if not kind.startswith("multipart/"):
            return {}
        whole = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.content)
        params: Params = {}
        for part in whole.walk():
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes):
                continue
            if part.get_filename():
                self.documents.append(content)
            else:
                params[str(part.get_param("name", header="content-disposition"))] = unpacked(content.decode())
        return params

    def _getFile(self, params: Params) -> Params:  # noqa: N802
        file_id = params["file_id"]
        return {"file_id": file_id, "file_unique_id": file_id, "file_path": f"documents/{file_id}"}

    def _sendDocument(self, params: Params) -> Params:  # noqa: N802
        return self._sendMessage({**params, "text": params["caption"]})

    def _getMe(self, _: Params) -> Params:  # noqa: N802 Telegram's name
        return {"id": 1, "is_bot": True, "first_name": "TrustVoice", "username": "trustvoice_bot"}

    def _sendMessage(self, params: Params) -> Params:  # noqa: N802
        shown = Shown(len(self.messages) + 1, params["chat_id"], params["text"], params.get("reply_markup") or {})
        self.messages[shown.id] = shown
        return self._as_json(params, shown)

    def _editMessageText(self, params: Params) -> Params:  # noqa: N802
        return self._change(params, params["text"])

    def _editMessageReplyMarkup(self, params: Params) -> Params:  # noqa: N802
        return self._change(params, None)

    def _answerCallbackQuery(self, params: Params) -> bool:  # noqa: N802
        if params["callback_query_id"] in self.answered:
            raise Refusal(400, TOO_LATE)
        self.answered[params["callback_query_id"]] = params.get("text")
        return True

    def _change(self, params: Params, text: str | None) -> Params:
        shown = self.messages.get(params["message_id"])
        if shown is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if shown.keyboard and "inline_keyboard" not in shown.keyboard:
            raise Refusal(400, "Bad Request: message can't be edited")
        before = (shown.text, shown.keyboard)
        shown.text, shown.keyboard = text or shown.text, params.get("reply_markup") or {}
        if (shown.text, shown.keyboard) == before:
            raise Refusal(400, "Bad Request: message is not modified")
        return self._as_json(params, shown)

    def _as_json(self, params: Params, shown: Shown) -> Params:
        chat = {"id": params["chat_id"], "type": "private"}
        return {"message_id": shown.id, "date": 1_790_000_000, "chat": chat, "text": shown.text}


def unpacked(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
