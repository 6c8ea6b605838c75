"""Telegram's webhook: known by its secret, told that an update arrived only when it is stored."""

import asyncio
import json

import pytest

from tests.webhooks.conftest import SECRET, Door

PATH = "/webhooks/telegram"
UPDATE = {"update_id": 5, "message": {"chat": {"id": 77}, "text": "habari"}}
BODY = json.dumps(UPDATE).encode()


async def send(door: Door, body: bytes = BODY, secret: str = SECRET) -> int:
    status, _ = await door.post(PATH, body, X_Telegram_Bot_Api_Secret_Token=secret)
    return status


async def test_an_update_is_stored_and_accepted(door: Door) -> None:
    assert await send(door) == 200
    assert door.updates == [UPDATE]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET.upper()])
async def test_whoever_does_not_know_the_secret_is_forbidden(door: Door, secret: str) -> None:
    assert await send(door, secret=secret) == 403
    assert door.updates == []


async def test_without_any_secret_it_is_forbidden(door: Door) -> None:
    assert (await door.post(PATH, BODY))[0] == 403


async def test_a_secret_that_is_no_text_at_all_is_forbidden(door: Door) -> None:
    reader, writer = await asyncio.open_connection(door.client.host, door.client.port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\nX-Telegram-Bot-Api-Secret-Token: "
    writer.write(head.encode() + b"\xff\xfe\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 403")
    writer.close()


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b"7", b'{"update_id": "5"}', b'{"update_id": null}', b"[" * 9_000]
)
async def test_what_is_no_update_is_refused(door: Door, body: bytes) -> None:
    assert await send(door, body) == 400
    assert door.updates == []


async def test_what_cannot_be_stored_is_sent_again_by_telegram(door: Door) -> None:
    door.break_storage()
    assert await send(door) == 503


async def test_a_stranger_learns_nothing_of_an_outage(door: Door) -> None:
    door.break_storage()
    assert await send(door, secret="wrong") == 403
