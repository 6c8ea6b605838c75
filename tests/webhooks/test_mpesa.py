"""What Safaricom is answered, to the byte: the same whoever asks, 200 only when the callback is durable."""

import asyncio
import gzip
import logging

import pytest

from tests.fakes import callback
from tests.webhooks.conftest import Door

ACCEPTED = b'{"ResultCode":0,"ResultDesc":"Accepted"}'
LIMIT = 64 * 1024
ALIASES = ["/webhooks/mpesa", "/webhooks/daraja"]
aliases = pytest.mark.parametrize("alias", ALIASES)


def padded(length: int) -> bytes:
    return b'{"Body":"' + b"x" * (length - 11) + b'"}'


async def raw_post(door: Door, path: str, body: bytes) -> int:
    """To exactly this address: a client's own library would tidy it up."""
    reader, writer = await asyncio.open_connection(door.client.host, door.client.port)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status


@aliases
async def test_a_callback_with_its_token_settles_the_donation(door: Door, alias: str) -> None:
    await door.house.give(500)
    assert await door.post(f"{alias}/{door.house.mpesa.token()}", callback()) == (200, ACCEPTED)
    assert await door.house.held("campaign:1") == 500


@aliases
@pytest.mark.parametrize("path", ["", "/" + "f" * 64, "/%ff%00", "/x", "/" + "é" * 10])
async def test_a_callback_without_a_right_token_is_answered_alike_and_moves_nothing(
    door: Door, alias: str, path: str
) -> None:
    await door.house.give(500)
    assert await door.post(alias + path, callback()) == (200, ACCEPTED)
    assert await door.house.held("campaign:1") == 0
    assert await door.house.verdicts() == ["hint"]


async def test_right_and_wrong_tokens_are_told_apart_by_nothing_in_the_answer(door: Door) -> None:
    await door.house.give(500)
    answers = []
    for token in (door.house.mpesa.token(), "0" * 64):
        async with door.client.post(f"/webhooks/mpesa/{token}", data=callback()) as answer:
            headers = {name: value for name, value in answer.headers.items() if name != "Date"}
            answers.append((answer.status, answer.reason, headers, await answer.read()))
    assert answers[0] == answers[1]
    assert answers[0][2]["Content-Type"] == "application/json"


@aliases
@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"null", b"7", b'{"some": ["other", "shape"]}', b"[" * 9_000 + b"]" * 9_000]
)
async def test_json_of_an_unknown_shape_is_kept_and_accepted(door: Door, alias: str, body: bytes) -> None:
    assert await door.post(f"{alias}/{'0' * 64}", body) == (200, ACCEPTED)
    assert await door.house.verdicts() == ["unmatched"]


@aliases
@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"Body=stkCallback", b"\xff\xfe"])
async def test_what_is_not_json_is_refused_and_not_kept(door: Door, alias: str, body: bytes) -> None:
    status, answer = await door.post(alias, body)
    assert (status, answer) == (400, b'{"ResultCode":1,"ResultDesc":"Not JSON"}')
    assert await door.house.verdicts() == []


@aliases
@pytest.mark.parametrize("address", ["{0}/{1}/", "/{0}//{1}", "//{0}/{1}///", "{0}//{1}"])
async def test_slashes_too_many_lead_to_the_same_place(door: Door, alias: str, address: str) -> None:
    await door.house.give(500)
    assert await raw_post(door, address.format(alias, door.house.mpesa.token()), callback()) == 200
    assert await door.house.held("campaign:1") == 500
    assert await raw_post(door, f"/{alias}/b2c//result/{'0' * 64}/", b"{}") == 200
    assert await raw_post(door, f"{alias}/b2c/elsewhere/at/all", b"{}") == 404


@aliases
@pytest.mark.parametrize("kind", ["text/plain", "application/xml; charset=x", "application/x-www-form-urlencoded", "?"])
async def test_the_content_type_is_nothing_to_go_by(door: Door, alias: str, kind: str) -> None:
    await door.house.give(500)
    said = await door.post(f"{alias}/{door.house.mpesa.token()}", callback(), Content_Type=kind)
    assert said == (200, ACCEPTED)
    assert await door.house.held("campaign:1") == 500


@pytest.mark.parametrize("path", ["", "/b2c/result", "/b2c/timeout", "/status/result", "/balance/result"])
@pytest.mark.parametrize("how", ["gzip", "deflate", "br", "zstd", "GZIP, identity", "x"])
async def test_what_is_packed_is_refused_unread(door: Door, path: str, how: str) -> None:
    status, said = await door.post(f"/webhooks/daraja{path}/{'0' * 64}", gzip.compress(b"{}"), Content_Encoding=how)
    assert (status, b"Content-Encoding" in said) == (415, True)
    assert (await door.post(f"/webhooks/daraja{path}", b"{}", Content_Encoding="identity"))[0] == 200


@aliases
async def test_a_body_over_64_kilobytes_is_refused_and_not_kept(door: Door, alias: str) -> None:
    status, _ = await door.post(alias, padded(LIMIT + 1))
    assert status == 413
    assert await door.house.verdicts() == []
    assert await door.post(alias, padded(LIMIT - 1)) == (200, ACCEPTED)


@aliases
async def test_what_cannot_be_stored_is_answered_503_and_never_accepted(door: Door, alias: str) -> None:
    await door.house.give(500)
    token = door.house.mpesa.token()
    door.break_storage()
    status, answer = await door.post(f"{alias}/{token}", callback())
    assert status == 503
    assert b"Accepted" not in answer


async def test_a_callback_delivered_twice_is_accepted_twice_and_credited_once(door: Door) -> None:
    await door.house.give(500)
    path = f"/webhooks/mpesa/{door.house.mpesa.token()}"
    assert [await door.post(path, callback()) for _ in range(2)] == [(200, ACCEPTED)] * 2
    assert await door.house.held("campaign:1") == 500


@pytest.mark.parametrize("method", ["get", "put", "delete"])
async def test_callbacks_are_posted_and_nothing_else(door: Door, method: str) -> None:
    async with getattr(door.client, method)("/webhooks/mpesa") as answer:
        assert answer.status == 405


@pytest.mark.parametrize("works", [True, False])
async def test_the_token_is_in_no_log(door: Door, caplog: pytest.LogCaptureFixture, works: bool) -> None:
    caplog.set_level(logging.DEBUG)
    await door.house.give(500)
    token = door.house.mpesa.token()
    if not works:
        door.break_storage()
    for body in (callback(), b"<html>", padded(LIMIT + 1)):
        await door.post(f"/webhooks/mpesa/{token}", body)
    ours = [record for record in caplog.records if not record.name.startswith("aiohttp.access")]
    assert works or any("not stored" in record.getMessage() for record in ours)
    assert all(token not in logging.Formatter().format(record) for record in ours)
