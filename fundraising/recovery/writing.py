"""Writing intents into the journal, between the commit and the call."""

from collections.abc import Callable

from sqlalchemy import Connection

from fundraising.giving.donation import Donation
from fundraising.paying.payout import Attempt, Payout
from fundraising.recovery import intents
from fundraising.recovery.intents import Entry
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
        return await self._write(lambda conn: intents.of_push(conn, self._vault, donation, phone, hash_of(token)))

    async def push_answered(self, reference: str, checkout_id: str) -> None:
        await self._write(lambda conn: intents.of_answer(conn, self._vault, reference, checkout_id))

    async def payment(self, payout: Payout, attempt: Attempt, token: str) -> bool:
        """False: it could not be written, so M-Pesa must not be called."""
        return await self._write(lambda conn: intents.of_payment(conn, self._vault, payout, attempt, hash_of(token)))

    async def _write(self, entry_of: Callable[[Connection], Entry]) -> bool:
        if self._journal is None:
            return True
        return await self._journal.append(intents.encode(await self._database.read(entry_of)))
