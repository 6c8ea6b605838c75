"""Every callback of M-Pesa, read and handed to the intake. Returns when it is durable."""

from collections.abc import Callable
from datetime import datetime

from fundraising.evidence import tokens
from fundraising.evidence.intake import Intake
from fundraising.evidence.reading import READERS
from fundraising.evidence.record import Source
from fundraising.evidence.tokens import Purpose
from fundraising.paying.float import Float
from storage.database import Database


class Mailbox:
    """Each method raises NotJson for what is no JSON, and whatever keeps the callback from being stored.

    `at`: when the callback came, if that was before.
    """

    def __init__(self, database: Database, intake: Intake, float: Float, now: Callable[[], datetime]):
        self._database, self._intake, self._float, self._now = database, intake, float, now

    async def prompt_result(self, token: str | None, body: bytes, at: datetime | None = None) -> None:
        await self._take(Source.CALLBACK, token, body, at)

    async def payment_result(self, token: str | None, body: bytes, at: datetime | None = None) -> None:
        await self._take(Source.RESULT, token, body, at)

    async def payment_timeout(self, token: str | None, body: bytes, at: datetime | None = None) -> None:
        await self._take(Source.TIMEOUT, token, body, at)

    async def status_result(self, token: str | None, body: bytes, at: datetime | None = None) -> None:
        """Also a question's own queue timeout comes here: it says nothing."""
        await self._take(Source.CLAIM if await self._asks_about_claim(token) else Source.STATUS, token, body, at)

    async def balance_result(self, token: str | None, body: bytes, at: datetime | None = None) -> None:
        await self._float.receive(token, body, at)

    async def _take(self, source: Source, token: str | None, body: bytes, at: datetime | None) -> None:
        await self._intake.take(READERS[source](tokens.hash_of(token) if token else None, body, at or self._now()))

    async def _asks_about_claim(self, token: str | None) -> bool:
        if token is None:
            return False
        token_hash = tokens.hash_of(token)
        return await self._database.read(lambda conn: tokens.purpose_of(conn, token_hash)) is Purpose.CLAIM
