"""A database remembers which key sealed it."""

import asyncio

import pytest

from storage import facts
from storage.database import Database
from storage.vault import Vault, WrongKey
from tests.storage.rows import stored

ours = Vault("a secret key that is only used in tests, never elsewhere")
theirs = Vault("another secret key that is only used in tests")


async def test_the_first_key_is_kept_and_fits_again(database: Database) -> None:
    for _ in range(2):
        await database.write(lambda conn: facts.check_key(conn, ours))
    assert await stored(database) == [facts.SEALED_BY]


async def test_another_key_is_refused(database: Database) -> None:
    await database.write(lambda conn: facts.check_key(conn, ours))
    with pytest.raises(WrongKey):
        await database.write(lambda conn: facts.check_key(conn, theirs))


async def test_processes_that_start_together_agree_on_the_key(database: Database) -> None:
    await asyncio.gather(*[database.write(lambda conn: facts.check_key(conn, ours)) for _ in range(8)])
    with pytest.raises(WrongKey):
        await database.write(lambda conn: facts.check_key(conn, theirs))
