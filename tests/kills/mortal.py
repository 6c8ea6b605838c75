"""The real databases, in a process that can die just before COMMIT and just after it, before anybody hears of it."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.database import Database
from storage.postgres import PostgresDatabase
from storage.sqlite import Closure, SqliteDatabase
from tests.kills.fate import Fate

T = TypeVar("T")


class MortalSqlite(SqliteDatabase):
    """It dies in the writing thread, so that none of the batch's closures returns."""

    def __init__(self, url: str, fate: Fate):
        super().__init__(url)
        self._fate = fate

    def _run(self, closures: list[Closure]) -> list[Any]:
        commit = f"commit {self._fate.number('commit')}"
        *answers, _ = super()._run([*closures, lambda _: self._fate.passes(f"inside {commit}")])
        self._fate.passes(f"after {commit}")
        return answers


class MortalPostgres(PostgresDatabase):
    def __init__(self, url: str, fate: Fate):
        super().__init__(url)
        self._fate = fate

    async def _retry(self, fn: Callable[[Connection], T]) -> T:
        commit = f"commit {self._fate.number('commit')}"

        def watched(conn: Connection) -> T:
            answer = fn(conn)
            self._fate.passes(f"inside {commit}")
            return answer

        answer = await super()._retry(watched)
        self._fate.passes(f"after {commit}")
        return answer


def open_mortal(url: str, fate: Fate) -> Database:
    return MortalSqlite(url, fate) if url.startswith("sqlite") else MortalPostgres(url, fate)
