"""PostgreSQL: every closure its own transaction, side by side, under row locks taken in id order."""

import asyncio
import random
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import Database
from storage.migrate import upgrade
from storage.postgres_address import for_asyncpg
from storage.vault import Vault

T = TypeVar("T")
TRIES = 5
CONFLICTS = {"40001", "40P01"}  # serialization failure, deadlock: nothing of the transaction is stored
MIGRATION_LOCK = 7_276_513
SERVER_SETTINGS = {
    "application_name": "trustvoice",
    "timezone": "UTC",
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "5s",  # a process that stands still lets go of its rows
    "random_page_cost": "1.1",  # disks of today; with 4, plans made for the first day's small tables read all of them
}


class PostgresDatabase(Database):
    def __init__(self, url: str):
        super().__init__()
        address, arguments, settings = for_asyncpg(url)
        self._engine = create_async_engine(
            address,
            pool_size=16,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={**arguments, "server_settings": SERVER_SETTINGS | settings},
        )
        self._under_way: set[asyncio.Task[Any]] = set()

    async def read(self, fn: Callable[[Connection], T]) -> T:
        async with self._engine.connect() as conn:
            await conn.execution_options(isolation_level="REPEATABLE READ")
            return await conn.run_sync(fn)

    async def migrate(self, vault: Vault | None = None) -> None:
        def under_lock(conn: Connection) -> None:
            for patience in ("statement_timeout", "lock_timeout"):  # another replica may migrate for minutes
                conn.execute(text(f"SET LOCAL {patience} = 0"))
            conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            upgrade(conn, vault=vault)

        await self._commit(under_lock)

    async def _commit(self, fn: Callable[[Connection], T]) -> T:
        commit = asyncio.create_task(self._retry(fn))
        self._under_way.add(commit)
        commit.add_done_callback(self._ended)
        return await asyncio.shield(commit)

    def _ended(self, commit: asyncio.Task[Any]) -> None:
        self._under_way.discard(commit)
        if not commit.cancelled():
            commit.exception()  # whoever waited for it may have gone away; else it is theirs

    async def _retry(self, fn: Callable[[Connection], T]) -> T:
        for tries_left in reversed(range(TRIES)):
            try:
                async with self._engine.begin() as conn:
                    return await conn.run_sync(fn)
            except DBAPIError as error:
                if not tries_left or getattr(error.orig, "sqlstate", "") not in CONFLICTS:
                    raise
            await asyncio.sleep(random.uniform(0, 0.05) * (TRIES - tries_left))  # noqa: S311 jitter, no secret
        raise AssertionError("unreachable")

    async def close(self) -> None:
        """Lets commits end whose callers went away."""
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._engine.dispose()
