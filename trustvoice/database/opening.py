"""The database, opened: reachable, migrated, and sealed with our key."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from mpesa.client import DarajaClient
from storage import facts
from trustvoice.bootstrap import Program

T = TypeVar("T")


class NoDatabase(Exception):
    """It is not there, refuses us, or is none."""


async def open_storage(program: Program, stack: AsyncExitStack) -> None:
    """Raises NoDatabase, WrongKey."""
    database = program.database
    stack.push_async_callback(database.close)
    with usable_database():
        await database.migrate(program.vault)
    await database.write(lambda conn: facts.check_key(conn, program.vault))
    if isinstance(program.mpesa, DarajaClient):
        stack.push_async_callback(program.mpesa.aclose)


@contextmanager
def usable_database() -> Iterator[None]:
    """Raises NoDatabase."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error) or type(error).__name__
        raise NoDatabase(f"{error.filename}: {why}" if error.filename else why) from error
    except DBAPIError as error:
        raise NoDatabase(error.orig) from error


async def with_storage(program: Program, work: Callable[[Program], Awaitable[T]]) -> T:
    """For one command, nothing else running. Raises NoDatabase, WrongKey, and whatever the work raises."""
    async with AsyncExitStack() as stack:
        await open_storage(program, stack)
        return await work(program)
