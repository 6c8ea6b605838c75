import asyncio
import base64
from datetime import timedelta

import httpx
import pytest

from mpesa.codes import Reason
from mpesa.outcome import Failed, Succeeded
from tests.mpesa.daraja import ACCEPTED, KEY, PUSH, SECRET, TOKENS, Daraja, error, granted, invalid_token


def bearer(token: str) -> str:
    return f"Bearer {token}"


async def test_the_token_is_asked_for_with_key_and_secret(daraja: Daraja) -> None:
    await daraja.client.stk_push(PUSH)
    expected = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
    assert daraja.sent(daraja.token).headers["Authorization"] == f"Basic {expected}"


async def test_ten_calls_at_once_ask_for_one_token(daraja: Daraja) -> None:
    outcomes = await asyncio.gather(*(daraja.client.stk_push(PUSH) for _ in range(10)))
    assert all(isinstance(outcome, Succeeded) for outcome in outcomes)
    assert (daraja.token.call_count, daraja.push.call_count) == (1, 10)


async def test_ten_tokens_refused_at_once_are_renewed_once(daraja: Daraja) -> None:
    await daraja.client.stk_push(PUSH)

    def judge(request: httpx.Request) -> httpx.Response:
        stale = request.headers["Authorization"] == bearer(TOKENS[0])
        return invalid_token() if stale else httpx.Response(200, json=ACCEPTED)

    daraja.push.side_effect = judge
    outcomes = await asyncio.gather(*(daraja.client.stk_push(PUSH) for _ in range(10)))
    assert all(isinstance(outcome, Succeeded) for outcome in outcomes)
    assert daraja.token.call_count == 2


async def test_a_late_refusal_of_the_old_token_does_not_kill_the_new_one(daraja: Daraja) -> None:
    waiting, go = asyncio.Event(), asyncio.Event()

    async def judge(request: httpx.Request) -> httpx.Response:
        if request.headers["Authorization"] != bearer(TOKENS[0]):
            return httpx.Response(200, json=ACCEPTED)
        if not waiting.is_set():
            waiting.set()
            await go.wait()
        return invalid_token()

    daraja.push.side_effect = judge
    late = asyncio.create_task(daraja.client.stk_push(PUSH))
    await waiting.wait()
    assert isinstance(await daraja.client.stk_push(PUSH), Succeeded)
    go.set()
    assert isinstance(await late, Succeeded)
    assert daraja.token.call_count == 2


@pytest.mark.parametrize("code", ["400.003.01", "401.002.01", "401.003.01", "404.001.03"])
async def test_a_refused_token_is_renewed_and_the_push_sent_once_more(daraja: Daraja, code: str) -> None:
    refused = httpx.Response(int(code[:3]), json=error(code, "Invalid Access Token"))
    daraja.push.side_effect = [refused, httpx.Response(200, json=ACCEPTED)]
    assert isinstance(await daraja.client.stk_push(PUSH), Succeeded)
    sent = [call.request.headers["Authorization"] for call in daraja.push.calls]
    assert sent == [bearer(TOKENS[0]), bearer(TOKENS[1])]


async def test_a_token_refused_twice_is_the_operators_business(daraja: Daraja) -> None:
    daraja.push.side_effect = [invalid_token(), invalid_token(), AssertionError("sent a third time")]
    outcome = await daraja.client.stk_push(PUSH)
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.code) == (Reason.CONFIGURATION, "401.002.01")
    assert daraja.push.call_count == 2


async def test_a_missing_product_is_not_cured_by_a_new_token(daraja: Daraja) -> None:
    message = "Invalid API call as no apiproduct match found"
    daraja.push.side_effect = [httpx.Response(401, json=error("401.003.01", message))]
    outcome = await daraja.client.stk_push(PUSH)
    assert outcome == Failed(Reason.CONFIGURATION, "401.003.01", message)


async def test_after_a_401_of_any_kind_the_next_call_takes_a_new_token(daraja: Daraja) -> None:
    daraja.push.side_effect = [httpx.Response(401), httpx.Response(200, json=ACCEPTED)]
    await daraja.client.stk_push(PUSH)
    await daraja.client.stk_push(PUSH)
    assert daraja.sent(daraja.push).headers["Authorization"] == bearer(TOKENS[1])


@pytest.mark.parametrize("expires_in", ["3599", 3599, None, "soon", -1, 1.5, [3599]])
async def test_a_token_is_kept_until_a_minute_before_its_end(daraja: Daraja, expires_in: object) -> None:
    daraja.token.side_effect = [granted(TOKENS[0], expires_in), granted(TOKENS[1])]
    start = daraja.now()
    for seconds, tokens in ((0, 1), (3538, 1), (3540, 2)):
        daraja.moments.append(start + timedelta(seconds=seconds))
        await daraja.client.stk_push(PUSH)
        assert daraja.token.call_count == tokens, seconds


async def test_a_token_that_is_about_to_end_still_serves_the_call_that_asked(daraja: Daraja) -> None:
    daraja.token.side_effect = [granted(TOKENS[0], "5")]
    assert isinstance(await daraja.client.stk_push(PUSH), Succeeded)


NOT_NOW = {
    "no connection": httpx.ConnectError("no route"),
    "timeout": httpx.ReadTimeout("slow"),
    "reset": httpx.ReadError("reset"),
    "500": httpx.Response(500, json=error("500.003.02", "System is busy")),
    "503, empty": httpx.Response(503),
    "429": httpx.Response(429),
    "HTML with 200": httpx.Response(200, html="<html></html>"),
    "no token with 200": httpx.Response(200, json={"expires_in": "3599"}),
    "a token that fits no header": granted("two\r\nlines"),
    "redirect": httpx.Response(302, headers={"Location": "https://elsewhere.example/"}),
}


@pytest.mark.parametrize("answer", NOT_NOW.values(), ids=NOT_NOW.keys())
async def test_without_a_token_the_push_was_not_sent(daraja: Daraja, answer: httpx.Response | Exception) -> None:
    daraja.token.side_effect = [answer]
    outcome = await daraja.client.stk_push(PUSH)
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.not_accepted) == (Reason.NOT_REACHED, True)
    assert daraja.push.call_count == 0


@pytest.mark.parametrize(
    "answer", [httpx.Response(400), httpx.Response(401), httpx.Response(400, json=error("400.008.01", "Invalid"))]
)
async def test_refused_credentials_are_the_operators_business(daraja: Daraja, answer: httpx.Response) -> None:
    daraja.token.side_effect = [answer]
    outcome = await daraja.client.stk_push(PUSH)
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.not_accepted) == (Reason.CONFIGURATION, False)
    assert daraja.push.call_count == 0


async def test_a_failed_refresh_answers_all_who_wait_and_the_next_call_tries_anew(daraja: Daraja) -> None:
    daraja.token.side_effect = [httpx.Response(503), granted(TOKENS[0])]
    outcomes = await asyncio.gather(*(daraja.client.stk_push(PUSH) for _ in range(5)))
    assert all(isinstance(outcome, Failed) for outcome in outcomes)
    assert isinstance(await daraja.client.stk_push(PUSH), Succeeded)
    assert daraja.token.call_count == 2


async def test_cancelling_one_caller_does_not_take_the_token_from_the_others(daraja: Daraja) -> None:
    asked, go = asyncio.Event(), asyncio.Event()

    async def slowly(_: httpx.Request) -> httpx.Response:
        asked.set()
        await go.wait()
        return granted(TOKENS[0])

    daraja.token.side_effect = slowly
    first = asyncio.create_task(daraja.client.stk_push(PUSH))
    await asked.wait()
    second = asyncio.create_task(daraja.client.stk_push(PUSH))
    first.cancel()
    await asyncio.wait([first])
    go.set()
    assert isinstance(await second, Succeeded)
    assert first.cancelled()
    assert (daraja.token.call_count, daraja.push.call_count) == (1, 1)


async def test_closing_ends_a_refresh_in_flight(daraja: Daraja) -> None:
    asked = asyncio.Event()

    async def never(_: httpx.Request) -> httpx.Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError("not reached")

    daraja.token.side_effect = never
    push = asyncio.create_task(daraja.client.stk_push(PUSH))
    await asked.wait()
    await daraja.client.aclose()
    await asyncio.wait([push])
    assert push.cancelled()
