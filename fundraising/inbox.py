"""Every callback about payouts and questions, handed to whom it concerns. Returns when it is durable."""

from collections.abc import Callable
from datetime import datetime

from fundraising.evidence import heard, tokens
from fundraising.evidence.tokens import hash_of
from fundraising.giving.claim_checks import ClaimChecks
from fundraising.paying.float import Float
from fundraising.paying.settlement import PayoutSettlement
from mpesa import results
from mpesa.callbacks import NotACallback
from mpesa.outcome import Succeeded
from mpesa.results import TransactionFact
from storage.database import Database


class Mailbox:
    """Each method raises NotJson for what is no JSON, and whatever keeps the callback from being stored.

    `at`: when the callback came, if that was before.
    """

    def __init__(
        self,
        database: Database,
        settlement: PayoutSettlement,
        claim_checks: ClaimChecks,
        float: Float,
        now: Callable[[], datetime],
    ):
        self._database, self._settlement, self._now = database, settlement, now
        self._claim_checks, self._float = claim_checks, float

    async def payment_result(self, token: str | None, body: bytes, at: datetime | None = None) -> None:
        await self._settlement.take(heard.payment_result(token, body, at or self._now()))

    async def payment_timeout(self, token: str | None, body: bytes, at: datetime | None = None) -> None:
        await self._settlement.take(heard.timeout_notice(token, body, at or self._now()))

    async def status_result(self, token: str | None, body: bytes, at: datetime | None = None) -> None:
        """Also a question's own queue timeout comes here: it says nothing."""
        word = heard.status_result(token, body, at or self._now())
        claim_id = await self._claim_of(token)
        if claim_id is None:
            await self._settlement.take(word)
        else:
            await self._claim_checks.take(claim_id, word, fact_in(body))

    async def balance_result(self, token: str | None, body: bytes, at: datetime | None = None) -> None:
        await self._float.receive(token, body, at)

    async def _claim_of(self, token: str | None) -> int | None:
        if token is None:
            return None
        return await self._database.read(lambda conn: tokens.claim_of(conn, hash_of(token)))


def fact_in(body: bytes) -> TransactionFact | None:
    try:
        outcome = results.parse_status_result(body).outcome
    except NotACallback:
        return None
    return outcome.value if isinstance(outcome, Succeeded) else None
