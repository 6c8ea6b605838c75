"""While one batch is under way the next items gather, then all go together. Nobody waits for company."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class BatchLost(Exception):
    """It broke off, as when the process is told to end: what became of this item nobody knows."""


class Batcher(Generic[Item, Answer]):
    def __init__(self, carry: Callable[[list[Item]], Awaitable[Sequence[Answer | Exception]]], limit: int = 500):
        self._carry, self._limit = carry, limit
        self._waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self._trip: asyncio.Task[None] | None = None

    async def send(self, item: Item) -> Answer:
        """The item's own answer, or its own exception. Cancelling the sender does not stop the trip."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        self._trip = self._trip or asyncio.create_task(self._carry_all())
        return await answer

    async def finish(self) -> None:
        """Returns when everything sent so far has been answered."""
        while self._trip:
            await asyncio.shield(self._trip)

    async def _carry_all(self) -> None:
        try:
            await self._carry_in_turn()
        finally:
            self._trip = None  # whatever happened: who comes next begins another
            lost, self._waiting = self._waiting, []
            for _, future in lost:
                if not future.done():
                    future.set_exception(BatchLost())

    async def _carry_in_turn(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._limit], self._waiting[self._limit :]
            futures = [future for _, future in batch]
            answered: list[tuple[asyncio.Future[Answer], Answer | Exception]]
            try:
                answered = list(zip(futures, await self._carry([item for item, _ in batch]), strict=True))
            except Exception as error:  # noqa: BLE001 it is handed to every sender
                answered = [(future, error) for future in futures]
            except BaseException:
                self._waiting = batch + self._waiting
                raise
            for future, answer in answered:
                if future.cancelled():
                    continue  # its sender went away
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)
