"""What was told to whom about a payment: one row for each message that was delivered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert

from fundraising.log_context import name_of
from storage.database import Database
from storage.story_tables import told

REQUEST, DECISION, RESULT, TRY_AGAIN = "request", "decision", "result", "try_again"  # beside what news are called
BY_MAIL = " by mail"  # how what was told by e-mail ends
DECIDED = "decided"  # what two people said about money in suspense


class Kind(StrEnum):
    DONATION = "donation"
    PAYOUT = "payout"
    BATCH = "batch"  # many payouts in one message


class Audience(StrEnum):
    DONOR = "donor"
    OWNERS = "owners"
    CHECKER = "checker"  # with buttons to decide
    STAFF = "staff"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class Telling:
    kind: Kind
    payment_id: int
    audience: Audience
    what: str  # names the news, as the job that brought it does

    @property
    def payment(self) -> str:
        return name_of(self.kind, self.payment_id)


class Told:
    def __init__(self, database: Database, now: Callable[[], datetime]):
        self._database, self._now = database, now

    async def note(self, telling: Telling, chat_id: int | None = None, message_id: int | None = None) -> None:
        """After Telegram, or with neither id a mail server, has taken the message."""
        row = {
            "kind": telling.kind,
            "payment_id": telling.payment_id,
            "audience": telling.audience,
            "what": telling.what,
            "chat_id": chat_id,
            "message_id": message_id,
            "told_at": self._now(),
        }
        new = insert(told).values(**row)
        await self._database.write(lambda conn: conn.execute(new).rowcount)
