"""The use case: one payment's story, by its number or by any name that M-Pesa or we gave it."""

from sqlalchemy import Connection, or_, select

from fundraising.audit.story import of_donation, of_payout
from fundraising.audit.story.events import Story
from fundraising.messages import Kind
from fundraising.refusals import NothingToTrace
from storage.database import Database
from storage.payout_tables import attempts, payouts
from storage.tables import claims, donations, suspense
from storage.vault import Vault

d, a = donations.c, attempts.c


class Stories:
    def __init__(self, database: Database, vault: Vault):
        self._database, self._vault = database, vault

    async def of_donation(self, donation_id: int) -> Story:
        """Raises NoSuchDonation."""
        return await self._database.read(lambda conn: of_donation.story_of(conn, self._vault, donation_id))

    async def of_payout(self, payout_id: int) -> Story:
        """Raises NoSuchPayout."""
        return await self._database.read(lambda conn: of_payout.story_of(conn, self._vault, payout_id))

    async def told(self, words: list[str]) -> Story:
        """`donation 17`, `payout 3`, `donation:17` as in the log; or a receipt, our reference, a CheckoutRequestID, an
        OriginatorConversationID, a ConversationID.

        Raises NothingToTrace, NoSuchDonation, NoSuchPayout.
        """
        match [part for word in words for part in word.split(":") if part]:
            case [Kind.DONATION, number] if is_id(number):
                return await self.of_donation(int(number))
            case [Kind.PAYOUT, number] if is_id(number):
                return await self.of_payout(int(number))
            case [name]:
                return await self._database.read(lambda conn: self._named(conn, name))
        raise NothingToTrace

    def _named(self, conn: Connection, name: str) -> Story:
        if donation_id := self._donation_of(conn, name):
            return of_donation.story_of(conn, self._vault, donation_id)
        if payout_id := payout_of(conn, name):
            return of_payout.story_of(conn, self._vault, payout_id)
        raise NothingToTrace

    def _donation_of(self, conn: Connection, name: str) -> int | None:
        code = name.upper()
        own = or_(d.receipt == code, d.reference == code, d.checkout_index == self._vault.index(name))
        queries = (
            select(d.id).where(own),
            select(suspense.c.donation_id).where(suspense.c.receipt == code),
            select(claims.c.donation_id).where(claims.c.code == code),
        )
        return next((found for query in queries if (found := conn.scalar(query.limit(1)))), None)


def payout_of(conn: Connection, name: str) -> int | None:
    code = name.upper()
    tried = or_(a.originator_id == code, a.conversation_id == name, a.receipt == code)
    queries = (select(payouts.c.id).where(payouts.c.receipt == code), select(a.payout_id).where(tried))
    return next((found for query in queries if (found := conn.scalar(query.limit(1)))), None)


def is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18
