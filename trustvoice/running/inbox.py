"""Telegram's updates, stored before Telegram is told that they arrived, then handed to the bot one chat at a time."""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from storage import jobs
from storage.database import Database
from storage.places import place
from storage.tables import telegram_updates
from storage.vault import Vault

u = telegram_updates.c
Update = dict[str, Any]
Handle = Callable[[Update, datetime], Awaitable[datetime | None]]
KEPT = timedelta(days=7)  # Telegram repeats an update for a day at most
INBOX = "inbox"


@dataclass(frozen=True)
class HandleUpdate(jobs.Job):
    lane: ClassVar = INBOX
    update_id: int
    chat_id: int

    @property
    def turn(self) -> str:
        return f"inbox:{self.chat_id}"


@dataclass(frozen=True)
class ClearInbox(jobs.Job):
    lane: ClassVar = INBOX


class Inbox:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]):
        self._database, self._vault, self._now = database, vault, now

    async def store(self, updates: Iterable[Update]) -> None:
        """Returns when they are durable. An update that was here before is not handled again."""
        arrived = list(updates)
        await self._database.write(lambda conn: self._keep(conn, arrived))

    async def load(self, update_id: int) -> tuple[Update, datetime]:
        """Raises NoResultFound."""
        query = select(u.body_sealed, u.received_at).where(u.update_id == update_id)
        row = await self._database.read(lambda conn: conn.execute(query).one())
        return json.loads(self._vault.open(row.body_sealed, body_place(update_id))), row.received_at

    async def find(self, update_id: int) -> Update | None:
        """None when it came longer ago than updates are kept."""
        query = select(u.body_sealed).where(u.update_id == update_id)
        sealed = await self._database.read(lambda conn: conn.scalar(query))
        return json.loads(self._vault.open(sealed, body_place(update_id))) if sealed else None

    def handled_by(self, handle: Handle) -> Callable[[HandleUpdate, int], Awaitable[datetime | None]]:
        async def run(job: HandleUpdate, _attempt: int) -> datetime | None:
            return await handle(*await self.load(job.update_id))

        return run

    async def clear_daily(self) -> None:
        await self._database.write(lambda conn: jobs.add(conn, [ClearInbox()], self._now()))

    async def clear(self, _job: ClearInbox, _attempt: int) -> datetime:
        """Forgets old updates, daily: they contain what people wrote."""
        old = delete(telegram_updates).where(u.received_at < self._now() - KEPT)
        await self._database.write(lambda conn: conn.execute(old).rowcount)
        return self._now() + timedelta(days=1)

    def _keep(self, conn: Connection, updates: list[Update]) -> None:
        now = self._now()
        for update in updates:
            row = {
                "update_id": update["update_id"],
                "body_sealed": self._vault.seal(json.dumps(update).encode(), body_place(update["update_id"])),
                "received_at": now,
            }
            stored = conn.execute(insert_or_ignore(telegram_updates).on_conflict_do_nothing(), row)
            if stored.rowcount:
                jobs.add(conn, [HandleUpdate(update["update_id"], chat_of(update))], now)


def body_place(update_id: int) -> bytes:
    return place(u.body_sealed, update_id)


def chat_of(update: Update) -> int:
    """Whose turn it is; updates of no chat share one."""
    for kind in ("message", "my_chat_member"):
        if kind in update:
            return int(update[kind]["chat"]["id"])
    if "callback_query" in update:
        return int(update["callback_query"]["from"]["id"])
    return 0
