"""What gathers while one trip is under way goes together on the next."""

import asyncio
from collections.abc import Sequence

import pytest

from storage.batcher import Batcher, BatchLost


class Ferry:
    """Carries numbers and answers their doubles; 13 goes down alone, 666 takes the ferry with it."""

    def __init__(self, limit: int = 500) -> None:
        self.trips: list[list[int]] = []
        self.under_way, self.may_sail = asyncio.Event(), asyncio.Event()
        self.batcher = Batcher[int, int](self.carry, limit)

    async def carry(self, items: list[int]) -> Sequence[int | Exception]:
        self.trips.append(items)
        self.under_way.set()
        await self.may_sail.wait()
        if 666 in items:
            raise OSError("sunk")
        return [LookupError("13") if item == 13 else item * 2 for item in items]

    def board(self, item: int) -> "asyncio.Task[int]":
        return asyncio.create_task(self.batcher.send(item))


async def test_nobody_waits_for_company() -> None:
    ferry = Ferry()
    ferry.may_sail.set()
    assert await ferry.batcher.send(4) == 8
    assert ferry.trips == [[4]]


async def test_who_comes_during_a_trip_goes_together_on_the_next_in_order() -> None:
    ferry = Ferry()
    first = ferry.board(1)
    await ferry.under_way.wait()
    others = [ferry.board(n) for n in (2, 3, 4)]
    await asyncio.sleep(0)
    ferry.may_sail.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8]
    assert ferry.trips == [[1], [2, 3, 4]]


async def test_a_trip_takes_no_more_than_the_limit() -> None:
    ferry = Ferry(limit=3)
    ferry.may_sail.set()
    assert await asyncio.gather(*[ferry.board(n) for n in range(7)]) == [0, 2, 4, 6, 8, 10, 12]
    assert ferry.trips == [[0, 1, 2], [3, 4, 5], [6]]


async def test_each_gets_its_own_exception() -> None:
    ferry = Ferry()
    ferry.may_sail.set()
    answers = await asyncio.gather(*map(ferry.board, (1, 13, 2)), return_exceptions=True)
    assert [answers[0], type(answers[1]), answers[2]] == [2, LookupError, 4]


async def test_a_trip_that_fails_fails_everyone_on_it_and_the_next_one_sails() -> None:
    ferry = Ferry()
    ferry.may_sail.set()
    answers = await asyncio.gather(*map(ferry.board, (1, 666)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [OSError, OSError]
    assert await ferry.batcher.send(5) == 10


async def test_a_sender_who_goes_away_does_not_stop_the_trip() -> None:
    ferry = Ferry()
    gone, stays = ferry.board(1), ferry.board(2)
    await ferry.under_way.wait()
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    ferry.may_sail.set()
    assert await stays == 4
    assert ferry.trips == [[1, 2]]


async def test_finish_waits_for_everything_that_was_sent() -> None:
    ferry = Ferry()
    sent = [ferry.board(n) for n in range(3)]
    await ferry.under_way.wait()
    late = ferry.board(9)
    finishing = asyncio.create_task(ferry.batcher.finish())
    await asyncio.sleep(0)
    ferry.may_sail.set()
    await finishing
    assert all(task.done() for task in [*sent, late])


async def test_a_wrong_count_of_answers_fails_the_senders_instead_of_leaving_them_waiting() -> None:
    async def forget_one(items: list[int]) -> list[int]:
        return items[1:]

    batcher = Batcher[int, int](forget_one)
    async with asyncio.timeout(5):
        answers = await asyncio.gather(batcher.send(1), batcher.send(2), return_exceptions=True)
    assert all(isinstance(answer, Exception) for answer in answers)


class ToldToEnd(BaseException):
    """As SystemExit, but for pytest."""


async def test_a_trip_that_is_broken_off_leaves_nobody_waiting_and_the_next_one_sails() -> None:
    trips: list[list[int]] = []

    async def carry(items: list[int]) -> Sequence[int | Exception]:
        trips.append(items)
        await asyncio.sleep(0)
        if len(trips) == 1:
            raise ToldToEnd
        return items

    batcher = Batcher[int, int](carry, limit=1)
    first, behind = (asyncio.create_task(batcher.send(number)) for number in (1, 2))
    async with asyncio.timeout(5):
        lost = await asyncio.gather(first, behind, return_exceptions=True)
        assert [type(each) for each in lost] == [BatchLost, BatchLost]
        assert await batcher.send(3) == 3
        await batcher.finish()
