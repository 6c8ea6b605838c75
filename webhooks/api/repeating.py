"""Idempotency-Key: the first request acts, its repeats get the same answer, also while it is still at work."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from fundraising.refusals import Refused
from fundraising.repeats import Answer, Repeats, TakenOver, Turn
from webhooks.api import problems
from webhooks.api.problems import Problem

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
PATIENCE = 15.0  # seconds that a repeat waits for the first
BETWEEN_LOOKS = 0.1
FOR_NOW = frozenset({403, 429, 503})
ASK_AGAIN_AFTER = {"Retry-After": "2"}
Act = Callable[[Turn], Awaitable[Answer]]


def key_in(request: web.Request) -> bytes | None:
    given = request.headers.get(HEADER)
    if given is None:
        return None
    key = given.encode(errors="surrogateescape")
    if not 0 < len(key) <= LONGEST_KEY:
        raise Problem("bad_idempotency_key")
    return key


async def once(repeats: Repeats, api_key_id: int, key: bytes, request: bytes, act: Act) -> Answer:
    """`request`: all that makes it this one and no other. Raises IdempotencyKeyReused, Problem, what `act` raises."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while True:
        found = await repeats.take_on(api_key_id, key, request)
        if isinstance(found, Answer):
            return found
        if isinstance(found, Turn):
            try:
                return await act_and_remember(repeats, found, act)
            except TakenOver:  # this one was too slow: whoever took over answers both
                continue
        if loop.time() >= deadline:
            raise Problem("still_running", headers=ASK_AGAIN_AFTER)
        await asyncio.sleep(BETWEEN_LOOKS)


async def act_and_remember(repeats: Repeats, turn: Turn, act: Act) -> Answer:
    """A refusal is an answer like any other, unless it only says "later" or "not you"."""
    try:
        answer = await act(turn)
    except Exception as error:
        if not isinstance(error, Refused) or problems.status_of(error) in FOR_NOW:
            await repeats.let_go(turn)
            raise
        answer = problems.answer_to(error)
    await repeats.remember(turn, answer)
    return answer
