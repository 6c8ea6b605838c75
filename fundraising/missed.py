"""What a closed chat could not be told: kept, and told at the next /start, the newest first.

Kept are the jobs themselves. Each looks anew when it runs and tells only what still holds.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_or  # prints right on SQLite too

from storage import jobs
from storage.database import Database
from storage.jobs import Job
from storage.phone_tables import missed

m = missed.c
MOST = 30  # of one chat; what is older is in /history, /payouts and the reports


class Unreachable(Exception):
    """The bot is blocked in this chat, or the chat is gone."""

    def __init__(self, chat_id: int):
        super().__init__("a chat that cannot be written to")
        self.chat_id = chat_id


class Missed:
    def __init__(self, database: Database, now: Callable[[], datetime]):
        self._database, self._now = database, now

    async def keep(self, chat_id: int, job: Job) -> None:
        row = {"chat_id": chat_id, "missed_at": self._now(), **jobs.stored(job)}
        newest = select(m.id).where(m.chat_id == chat_id).order_by(m.id.desc()).limit(MOST)

        def fn(conn: Connection) -> None:
            conn.execute(insert_or(missed).values(**row).on_conflict_do_nothing())
            kept = conn.scalars(newest).all()
            if len(kept) == MOST:
                conn.execute(delete(missed).where(m.chat_id == chat_id, m.id < kept[-1]))

        await self._database.write(fn)

    async def catch_up(self, chat_id: int) -> int:
        """Puts back what this chat missed, the newest first. How much it is; not all of it may still hold."""

        def fn(conn: Connection) -> int:
            taken = delete(missed).where(m.chat_id == chat_id)
            rows = conn.execute(taken.returning(m.id, m.lane, m.kind, m.payload, m.turn)).all()
            newest_first = sorted(rows, key=lambda row: row.id, reverse=True)
            work = ({name: getattr(row, name) for name in ("lane", "kind", "payload", "turn")} for row in newest_first)
            jobs.add_stored(conn, work, self._now())
            return len(rows)

        return await self._database.write(fn)
