"""The house for one command of the command line: database open, nothing else running."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TypeVar

from trustvoice.bootstrap import Program
from trustvoice.run import open_storage

T = TypeVar("T")


async def opened(program: Program, work: Callable[[Program], Awaitable[T]]) -> T:
    """Raises WrongKey, and whatever the work raises."""
    async with AsyncExitStack() as stack:
        await open_storage(program, stack)
        return await work(program)
