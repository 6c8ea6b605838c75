"""Writing intents into the journal, between the commit and the call."""

from fundraising.giving.donation import Donation
from fundraising.paying.payout import Attempt, Payout
from fundraising.recovery import intents
from fundraising.tokens import hash_of
from mpesa.msisdn import Msisdn
from storage.database import Database
from storage.journal import Journal
from storage.vault import Vault


class IntentLog:
    """Without a journal everything counts as written."""

    def __init__(self, database: Database, vault: Vault, journal: Journal | None):
        self._database, self._vault, self._journal = database, vault, journal

    async def push(self, donation: Donation, phone: Msisdn, token: str) -> bool:
        """False: it could not be written, so M-Pesa must not be called."""
        if self._journal is None:
            return True
        entry = await self._database.read(
            lambda conn: intents.of_push(conn, self._vault, donation, phone, hash_of(token))
        )
        return await self._journal.append(intents.encode(entry))

    async def push_answered(self, reference: str, checkout_id: str) -> None:
        if self._journal is not None:
            entry = await self._database.read(lambda conn: intents.of_answer(conn, self._vault, reference, checkout_id))
            await self._journal.append(intents.encode(entry))

    async def payment(self, payout: Payout, attempt: Attempt, token: str) -> bool:
        """False: it could not be written, so M-Pesa must not be called."""
        if self._journal is None:
            return True
        entry = await self._database.read(
            lambda conn: intents.of_payment(conn, self._vault, payout, attempt, hash_of(token))
        )
        return await self._journal.append(intents.encode(entry))
